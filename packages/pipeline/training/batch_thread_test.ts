import { preprocessCase, type Volume, writeCase } from "@mednext/data";
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";

const PROGRAM = fromFileUrl(new URL("../testdata/load_batches.ts", import.meta.url));

/** Runs the program above to its own end, and gives the lines it prints. */
async function run(...args: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", PROGRAM, ...args],
    env: { NO_COLOR: "1" },
    signal: AbortSignal.timeout(60_000),
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim().split("\n");
}

Deno.test("a closed loader keeps no process alive", async () => {
  const image: Volume = {
    data: Float32Array.from({ length: 1000 }, (_, i) => i % 9 + 1),
    shape: [10, 10, 10],
    channels: 1,
    spacing: [1, 1, 1],
    affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
  };
  const path = join(await Deno.makeTempDir(), "a.zarr");
  const plan = { normalization: [{ scheme: "none" as const }] };
  await writeCase(path, preprocessCase({ id: "a", images: [image], label: image }, plan));
  assertEquals(await run(path), ["2 x 8 x 8 x 8 x 1"]);
});

Deno.test("startThread() refuses what it owes and all that follows when the thread ends", async () => {
  const messages = await run("", "fail");
  assertEquals(messages.length, 3);
  assertEquals(new Set(messages).size, 1);
  assert(messages[0].startsWith("Cannot load batches: a thread ended: "), messages[0]);
});
