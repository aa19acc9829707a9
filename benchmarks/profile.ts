/**
 * Where the time of MedNeXt goes here, and how far from the machine's limits: `deno task bench:profile`, see README.md.
 */
import { hasV8Flags, setBackend, tf } from "@mednext/kernels";
import { createMedNeXt, flopCount } from "@mednext/mednext";
import { readArguments, USAGE } from "./arguments.ts";
import { forward, trainingStep } from "./passes.ts";
import { benchOf, type Calls, record, wasmBackend } from "./profile/recorder.ts";
import { type Bench, type Part, PARTS, replayTile, timeOfProduct } from "./profile/replay.ts";
import { CLASSES, describeWork, INPUT_CHANNELS, selectWorks, type Work, WORKS } from "./works.ts";

/** The part that a kernel which is not fused belongs to. */
const PART_OF: Record<string, Part> = {
  ...{ multiplyPanels: "matrix multiply", multiplyTransposed: "matrix multiply" },
  ...{ packPanels: "matrix multiply", gelu: "GELU", geluGradient: "GELU" },
  ...{ depthwiseDense: "depthwise convolution", depthwiseForward: "depthwise convolution" },
  depthwiseTransposed: "depthwise convolution",
  depthwiseFilterGradient: "depthwise convolution",
  ...{ add: "copies and additions", copyRows: "copies and additions" },
  ...{ dilate: "copies and additions", subsample: "copies and additions" },
};

/** Splits the time of fused kernels in the proportion that their parts have when they run alone. */
function splitTime(bench: Bench, calls: readonly Calls[], total: number): Map<Part, number> {
  const times = new Map<Part, number>(PARTS.map((part) => [part, 0]));
  const add = (part: Part, time: number) => times.set(part, times.get(part)! + time);
  let inKernels = 0;
  for (const { kernel, sizes, milliseconds } of calls) {
    inKernels += milliseconds;
    if (sizes === undefined) {
      add(PART_OF[kernel] ?? "normalisation and sums", milliseconds);
      continue;
    }
    const parts = replayTile(bench, kernel as "bottleneckForward" | "bottleneckGradient", sizes);
    const sum = Object.values(parts).reduce((all, time) => all + time, 0);
    for (const [part, time] of Object.entries(parts)) add(part as Part, milliseconds * time / sum);
  }
  add("dispatch", total - inKernels);
  return times;
}

/** The best of a few passes. */
async function bestPass(pass: () => Promise<void>, passes: number): ReturnType<typeof record> {
  await pass();
  let best = await record(pass);
  for (let i = 1; i < passes; i++) {
    const next = await record(pass);
    if (next.milliseconds < best.milliseconds) best = next;
  }
  return best;
}

async function profileWork(work: Work): Promise<string> {
  const { kind, size, kernelSize, voxels, iterations } = work;
  const config = {
    ...{ inputChannels: INPUT_CHANNELS, classes: CLASSES, size, kernelSize },
    deepSupervision: kind === "train",
  };
  const model = createMedNeXt(config);
  const grid: [number, number, number] = [voxels, voxels, voxels];
  const image = tf.randomNormal([1, ...grid, 1], 0, 1, "float32", 1) as tf.Tensor5D;
  const labels = tf.randomUniform([1, ...grid], 0, CLASSES, "int32", 1) as tf.Tensor4D;
  const pass = kind === "train" ? trainingStep(model, image, labels) : forward(model, image);
  const { calls, milliseconds } = await bestPass(async () => {
    const { results } = pass();
    await results[0].data();
    tf.dispose(results);
  }, iterations);
  const times = splitTime(benchOf(wasmBackend()), calls, milliseconds);
  const { total, depthwise } = flopCount(config, { patchSize: grid });
  tf.dispose([image, labels]);
  model.dispose();
  const share = PARTS.map((part) => `${(100 * times.get(part)! / milliseconds).toFixed(0)} %`);
  // A training step makes each product of the forward pass again, and two more for its gradients.
  const passes = kind === "train" ? 4 : 1;
  const rates = [
    (total - depthwise) * passes / times.get("matrix multiply")! / 1e6,
    depthwise * (kind === "train" ? 3 : 1) / times.get("depthwise convolution")! / 1e6,
  ].map((rate) => rate.toFixed(0));
  return [describeWork(work), `${milliseconds.toFixed(0)} ms`, ...share, ...rates].join(" | ");
}

/** GFLOP/s of the inner loop on a tile that stays in the cache: nothing here is faster. */
function productLimit(bench: Bench): number {
  const [rows, depth, columns] = [192, 128, 256] as const;
  return 2 * rows * depth * columns / timeOfProduct(bench, [rows, depth, columns]) / 1e6;
}

/** GB/s of reading and writing when a large array is copied in one thread. */
function copyLimit(): number {
  const [from, to] = [1, 2].map((value) => new Float32Array(2 ** 26).fill(value));
  let least = Infinity;
  for (let i = 0; i < 5; i++) {
    const start = performance.now();
    to.set(from);
    least = Math.min(least, performance.now() - start);
  }
  return 2 * from.byteLength / least / 1e6;
}

if (import.meta.main) {
  const options = readArguments(Deno.args);
  if (options.help) {
    console.log(USAGE.replaceAll("bench:peers", "bench:profile"));
  } else {
    await setBackend("wasm", { threads: options.threads });
    const backend = wasmBackend();
    const limit = productLimit(benchOf(backend));
    console.log(
      `kernels: ${backend.runtime.variant}, V8 flags: ${hasV8Flags() ? "yes" : "no"}, ` +
        `threads: ${options.threads}; matrix multiply in the cache ${
          limit.toFixed(0)
        } GFLOP/s a thread, ` +
        `copying ${copyLimit().toFixed(1)} GB/s in one thread\n`,
    );
    const header = ["work", "time", ...PARTS, "multiply GFLOP/s", "depthwise GFLOP/s"];
    console.log(`| ${header.join(" | ")} |\n|${" --- |".repeat(header.length)}`);
    for (const work of selectWorks(WORKS, options.only)) {
      console.log(`| ${await profileWork(work)} |`);
    }
  }
}
