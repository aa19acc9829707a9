import { assert, assertEquals, assertThrows } from "@std/assert";
import { runKernelWithOutputs } from "../run_kernel.ts";
import { tf } from "../tf.ts";
import type { WasmBackend } from "./backend.ts";
import { registerWasmBackend } from "./register.ts";
import { createRuntime, runKernel, setThreads } from "./runtime.ts";

const NAME = "wasm-pool-test";

/** Values that every bit of a sum depends on. */
function noise(length: number): Float32Array {
  let state = 7;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 30 - 2;
  });
}

/** Every kernel that shares its work, on tensors large enough for several tasks. */
function results(): Uint8Array[] {
  return tf.tidy(() => {
    const [shape, grid] = [[2, 6, 20, 20, 12], [2, 12]];
    const [x, dy] = [noise(57600), noise(57601).subarray(1)].map((data) => tf.tensor(data, shape));
    const filter = tf.tensor(noise(5 ** 3 * 12), [5, 5, 5, 12]);
    const weights = tf.tensor(noise(144), [12, 12]);
    const [gamma, mean, reciprocalStd] = [[12], grid, grid].map((s) => tf.ones(s));
    const attrs = { strides: [1, 1, 1], padding: [2, 2, 2] };
    const norm = { x, gamma, beta: gamma };
    const saved = { x, dy, gamma, mean, reciprocalStd };
    const run = runKernelWithOutputs as (name: string, inputs: object, attrs: object) => unknown;
    const outputs = [
      run("DepthwiseConv3d", { x, filter }, attrs),
      run("DepthwiseConv3dBackpropInput", { dy, filter }, { ...attrs, inputShape: shape }),
      run("DepthwiseConv3dBackpropFilter", { x, dy }, { ...attrs, filterShape: filter.shape }),
      run("Pointwise", { x, filter: weights, bias: gamma }, {}),
      run("PointwiseBackpropInput", { dy, filter: weights }, {}),
      run("PointwiseBackpropFilter", { x, dy }, {}),
      run("GroupNorm", norm, { epsilon: 1e-5 }),
      run("GroupNormGrad", saved, {}),
      run("LayerNorm", norm, { epsilon: 1e-5 }),
      run("GlobalResponseNorm", norm, { epsilon: 1e-5 }),
      run("ChannelSum", { x }, {}),
      run("Gelu", { x }, {}),
      run("GeluGrad", { x, dy }, {}),
      x.add(dy),
    ].flat() as tf.Tensor[];
    return outputs.map((tensor) => new Uint8Array(tensor.dataSync().buffer));
  });
}

Deno.test("the wasm backend gives the same bytes with any number of threads", async () => {
  await registerWasmBackend({ threads: 1, name: NAME });
  await tf.setBackend(NAME);
  const expected = results();
  for (const threads of [2, 3, 5]) {
    await registerWasmBackend({ threads, name: NAME });
    assertEquals((tf.backend() as unknown as WasmBackend).runtime.pool?.threads, threads);
    for (let repeat = 0; repeat < 3; repeat++) {
      const actual = results();
      assert(actual.every((bytes, i) => bytes.every((byte, j) => byte === expected[i][j])));
    }
  }
  await registerWasmBackend({ threads: 1, name: NAME });
});

Deno.test("a task that fails in a worker reaches the caller, and the pool goes on", async () => {
  const runtime = await createRuntime();
  setThreads(runtime, 3);
  const values = new Float32Array(runtime.memory.buffer, 65536, 4096).fill(3);
  // A geometry of zeros: every task divides by its output height, and traps.
  const zeros = 65536 + 4 * 4096;
  for (let repeat = 0; repeat < 20; repeat++) {
    const error = assertThrows(
      () => runKernel(runtime, "depthwiseForward", [0, 0, 0, 0, zeros], { items: 4096, chunk: 64 }),
      Error,
    );
    assert(
      /^Cannot run the WebAssembly kernel depthwiseForward, thread [012]: RuntimeError: divide by zero$/
        .test(error.message),
      error.message,
    );
    runKernel(runtime, "scale", [65536, 65536, 2], { items: 4096, chunk: 64 });
    assert(values.every((value) => value === 6));
    values.fill(3);
  }
  setThreads(runtime, 1);
});

Deno.test("threads keep no process alive", async () => {
  const source = `
    import { registerWasmBackend } from ${JSON.stringify(import.meta.resolve("./register.ts"))};
    await registerWasmBackend({ threads: 3 });
    console.log("done");
  `;
  const command = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--ext=ts", source],
    cwd: new URL(".", import.meta.url),
    signal: AbortSignal.timeout(20_000),
  });
  const { code, stdout } = await command.output();
  assertEquals([code, new TextDecoder().decode(stdout)], [0, "done\n"]);
});
