import { assertEquals } from "@std/assert";
import { measure } from "./measure.ts";
import type { Task } from "./task.ts";
import { WORKS } from "./works.ts";

const task: Task = {
  work: WORKS[0],
  inputChannels: 1,
  classes: 3,
  threads: 1,
  weights: "weights.safetensors",
  inputs: "in.safetensors",
};

/** Measures PyTorch's side with a shell script in the place of Python. */
async function measureWith(script: string) {
  const folder = await Deno.makeTempDir();
  try {
    const python = `${folder}/python`;
    await Deno.writeTextFile(python, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const side = { side: "pytorch", layout: "contiguous" } as const;
    return await measure(task, { side, repeat: 1, plain: false, python });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name: "measure() takes the last line, and sets the threads of the process",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const script = `echo chatter; echo "{\\"seconds\\": [$OMP_NUM_THREADS]}"`;
    const outcome = { seconds: [1] };
    const expected = { side: "pytorch", layout: "contiguous", repeat: 1, outcome };
    assertEquals(await measureWith(script) as unknown, expected);
  },
});

Deno.test({
  name: "measure() keeps the message when the process fails",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const expected = { side: "pytorch", layout: "contiguous", repeat: 1, error: "out of memory" };
    assertEquals(await measureWith("echo out of memory >&2; exit 3") as unknown, expected);
  },
});
