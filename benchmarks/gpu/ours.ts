/**
 * Measures one work on one of our backends: `ours.ts TASK`, TASK as JSON. Prints the outcome as JSON.
 */
import { type BackendName, memory, resetPeakMemory, setBackend, tf } from "@mednext/kernels";
import { createMedNeXt } from "@mednext/mednext";
import { describeAdapter, findAdapter } from "../../packages/kernels/webgpu/adapter.ts";
import { forward, trainingStep } from "../passes.ts";
import { gpuNetwork, type GpuOutcome, type GpuTask } from "./task.ts";

/** Passes that are not timed: shaders are compiled, buffers made. */
const WARM_UP = 2;

async function measure(task: GpuTask): Promise<GpuOutcome> {
  const [backend, mixed] = task.runner.split("-");
  await setBackend(backend as BackendName, { precision: mixed ? "mixed" : "float32" });
  const model = createMedNeXt(gpuNetwork(task));
  const grid = Array(3).fill(task.voxels) as [number, number, number];
  const image = tf.randomNormal([1, ...grid, task.inputChannels], 0, 1, "float32", 1);
  const labels = tf.tidy(() =>
    tf.cast(tf.randomUniform([1, ...grid], 0, task.classes, "float32", 2), "int32")
  );
  const pass = task.kind === "train"
    ? trainingStep(model, image as tf.Tensor5D, labels as tf.Tensor4D)
    : forward(model, image as tf.Tensor5D);
  const seconds: number[] = [];
  for (let iteration = 0; iteration < WARM_UP + task.repeats; iteration++) {
    if (iteration === WARM_UP) resetPeakMemory();
    const start = performance.now();
    const { results } = pass();
    // The last kernel's result waits for all before it.
    await tf.tidy(() => tf.sum(results.at(-1)!)).data();
    if (iteration >= WARM_UP) seconds.push((performance.now() - start) / 1000);
    tf.dispose(results);
  }
  return { seconds, peakBytes: memory().peakBytes ?? null, device: await deviceName(task) };
}

async function deviceName({ runner }: GpuTask): Promise<string> {
  if (!runner.startsWith("webgpu")) return runner;
  const adapter = await findAdapter();
  return adapter ? describeAdapter(adapter).name : runner;
}

console.log(JSON.stringify(await measure(JSON.parse(Deno.args[0]))));
Deno.exit(0); // the threads of wasm would wait for more
