/**
 * Measures our side of one work: `ours.ts TASK`, TASK as JSON. Prints the outcome as JSON.
 *
 * What is timed is what `predictVolume` and `trainStep` do with a patch, without reading, clipping and the optimiser.
 */
import { memory, setBackend, tf } from "@mednext/kernels";
import { createMedNeXt, readSafetensors } from "@mednext/mednext";
import { peakBytes } from "./machine.ts";
import type { Outcome } from "./measurement.ts";
import { forward, trainingStep } from "./passes.ts";
import { networkOf, type Task } from "./task.ts";

async function readInputs({ inputs }: Task): Promise<{ image: tf.Tensor5D; labels: tf.Tensor4D }> {
  const { image, labels } = Object.fromEntries(readSafetensors(await Deno.readFile(inputs)));
  const [depth, height, width] = image.shape;
  return {
    image: tf.tensor5d(image.data, [1, depth, height, width, 1]),
    labels: tf.tensor4d(Int32Array.from(labels.data), [1, depth, height, width], "int32"),
  };
}

/** What the backend that is selected runs with. */
function about(): Outcome["about"] {
  const { runtime } = tf.backend() as { runtime?: { variant: string } };
  return {
    deno: Deno.version.deno,
    v8: Deno.version.v8,
    backend: tf.getBackend(),
    kernels: runtime?.variant ?? "",
  };
}

async function measure(task: Task): Promise<Outcome> {
  await setBackend("wasm", { threads: task.threads });
  const model = createMedNeXt(networkOf(task));
  const { image, labels } = await readInputs(task);
  const pass = task.work.kind === "train"
    ? trainingStep(model, image, labels)
    : forward(model, image);
  const seconds: number[] = [];
  let digest: number[] = [];
  let peak = { peakBytes: 0, backendBytes: 0 };
  for (let iteration = 0; iteration <= task.work.iterations; iteration++) {
    const start = performance.now();
    const done = pass();
    await done.results[0].data();
    // The first is to warm up.
    if (iteration > 0) seconds.push((performance.now() - start) / 1000);
    if (iteration === task.work.iterations) {
      peak = {
        peakBytes: peakBytes(Deno.readTextFileSync("/proc/self/status")),
        backendBytes: memory().peakBytes!,
      };
      digest = done.digest();
    }
    tf.dispose(done.results);
  }
  const parameters = model.countParams();
  return { seconds, ...peak, parameters, digest, about: about() };
}

console.log(JSON.stringify(await measure(JSON.parse(Deno.args[0]))));
Deno.exit(0); // the threads of the backend would wait for more
