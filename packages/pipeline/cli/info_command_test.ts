import { assert, assertEquals } from "@std/assert";
import { infoCommand } from "./info_command.ts";
import type { Terminal } from "./terminal.ts";

/** Calls `info --test` and keeps what it writes. */
async function call(options: { specifier?: string; seconds?: number }) {
  let out = "";
  const terminal: Terminal = {
    interactive: false,
    write: (text) => void (out += text),
    writeError() {},
    columns: () => 80,
    paint: (text) => text,
  };
  const code = await infoCommand({ flags: new Set(["test"]) }, { terminal, ...options });
  return { code, out };
}

const faulty = new URL("../testdata/faulty_backends.ts", import.meta.url).href;

Deno.test({
  name: "info --test goes on when a backend crashes, hangs or computes wrong, and says so",
  ignore: Deno.build.os === "windows", // has no SIGSEGV
  async fn() {
    const { code, out } = await call({ specifier: faulty, seconds: 20 });
    assertEquals({ code, out: out.replace(/in \d+ s/, "in N s") }, {
      code: 1,
      out: `tensorflow        a GPU
webgpu            stopped
wasm              threads
cpu               loops

MedNeXt S, kernel 3, 16 channels

backend     values   voxels        forward  per s    training step  per s    memory
tensorflow  crashed
webgpu      stopped
wasm        wrong    16 x 16 x 32  10 ms    819,000  32 ms          253,000  3 MiB
cpu         absent

tensorflow: its process ended with the signal SIGSEGV, in its start
webgpu: no answer in N s, before it told what it found
wasm: expected 1
cpu: Cannot set the backend
`,
    });
  },
});

Deno.test("info --test says nothing wrong of a backend that is not there, nor of one that is right", async () => {
  const { code, out } = await call({
    specifier: new URL("../testdata/self_test_wasm.ts", import.meta.url).href,
  });
  assertEquals(code, 0);
  const rows = out.split("\n\n")[2].split("\n").slice(1).map((row) => row.split(/  +/));
  assertEquals(rows.map(([name, outcome]) => [name, outcome]), [
    ["tensorflow", "absent"],
    ["webgpu", "absent"],
    ["wasm", "right"],
    ["cpu", "absent"],
  ]);
  const [, , voxels, forward, , step, , memory] = rows[2];
  assert(/^\d+ x \d+ x 32$/.test(voxels), out);
  assert(/^\d+ ms$/.test(forward) && /^\d+ ms$/.test(step) && /^\d+ MiB$/.test(memory), out);
});
