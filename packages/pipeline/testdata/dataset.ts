/** A small data set for tests of the built-in stages, and a way to run one of them. */
import { type Triple, type Volume, writeNifti } from "@mednext/data";
import { join } from "@std/path";
import type { Compute, Ports, Stage, StageContext } from "../stage.ts";

/** Voxels of every image along D, H, W. */
export const SHAPE: Triple = [20, 24, 22];
/** What the tests compute on. */
export const COMPUTE = { backend: "wasm", threads: 1, loaderWorkers: 0 };

/** A ball in a block; its grid is turned for every other case. */
export function makeCase(index: number): { image: Volume; label: Volume } {
  const [depth, height, width] = SHAPE;
  const image = new Float32Array(depth * height * width);
  const label = new Uint8Array(image.length);
  for (let z = 0, voxel = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++, voxel++) {
        const inside = Math.hypot(z - 10, y - 10 - index, x - 11) < 5;
        label[voxel] = inside ? 2 : 0;
        image[voxel] = (inside ? 90 : 20) + ((voxel * 7919 + index) % 13);
      }
    }
  }
  const flip = index % 2 === 0 ? 1 : -1;
  const place = {
    shape: SHAPE,
    channels: 1,
    spacing: [1, 1, 1] as Triple,
    affine: [flip, 0, 0, -5, 0, flip, 0, 7.5, 0, 0, 1, 3, 0, 0, 0, 1],
  };
  return { image: { data: image, ...place }, label: { data: label, ...place } };
}

/** An nnU-Net folder of five cases with labels and one without. */
async function makeDataset(folder: string): Promise<void> {
  for (const part of ["imagesTr", "labelsTr", "imagesTs"]) {
    await Deno.mkdir(join(folder, part), { recursive: true });
  }
  for (let i = 0; i < 6; i++) {
    const { image, label } = makeCase(i);
    const part = i < 5 ? "imagesTr" : "imagesTs";
    await writeNifti(join(folder, part, `case_${i}_0000.nii.gz`), image);
    if (i < 5) await writeNifti(join(folder, "labelsTr", `case_${i}.nii.gz`), label);
  }
  const description = {
    channel_names: { 0: "MR" },
    labels: { background: 0, ball: 2, other: 1 },
    numTraining: 5,
    file_ending: ".nii.gz",
  };
  await Deno.writeTextFile(join(folder, "dataset.json"), JSON.stringify(description));
}

/** Makes background of every label of the data set. */
export async function eraseLabels(folder: string): Promise<void> {
  for (let i = 0; i < 5; i++) {
    const { label } = makeCase(i);
    label.data.fill(0);
    await writeNifti(join(folder, "labelsTr", `case_${i}.nii.gz`), label);
  }
}

/** Runs a stage once; `params` must be complete, as the runner gives them. */
export async function runStage<P, I extends Ports, O extends Ports, Q extends keyof I>(
  stage: Stage<P, I, O, Q>,
  { folder, params, inputs, loaderWorkers = 0, compute = COMPUTE, log = () => {}, scratch }: {
    folder: string;
    params: P;
    inputs: Record<string, string | string[]>;
    loaderWorkers?: number;
    compute?: Compute;
    log?: (line: string) => void;
    scratch?: string;
  },
): Promise<Record<keyof O, string>> {
  const work = await Deno.makeTempDir({ dir: folder });
  const ports = Object.keys(stage.outputs);
  const out = Object.fromEntries(ports.map((port) => [port, join(work, port)]));
  const context = {
    instance: "test",
    params,
    in: inputs,
    digests: {},
    out,
    scratch: scratch ?? await Deno.makeTempDir({ dir: folder }),
    seed: 5,
    compute: { ...compute, loaderWorkers },
    signal: new AbortController().signal,
    progress() {},
    log,
    summarize() {},
  };
  await stage.run(context as unknown as StageContext<P, I, O, Q>);
  return out as Record<keyof O, string>;
}

/** Parameters as the runner gives them: complete. */
export const preprocessParams = {
  normalization: "auto" as const,
  folds: 5,
  foldSeed: 12345,
};
/** The same of `plan`, for a network of a few weights; nothing is timed. */
export const planParams = {
  preset: "auto" as "auto" | "paper",
  model: { baseChannels: 2 },
  kernelSize: 3,
  memoryBudget: 1,
  measureSpeed: false,
};
/** The same of `train`, for a network of a few weights. */
export const trainParams = {
  fold: 0,
  model: { baseChannels: 2 },
  kernelSize: 3,
  initialize: "scratch" as const,
  patchSize: [16, 16, 32] as Triple,
  batchSize: 2,
  epochs: 2,
  stepsPerEpoch: 2,
  validationSteps: 1,
  weights: "final" as const,
  checkpointEvery: 1,
  optimizer: { name: "adamw" as const, weightDecay: 3e-5 },
  decayEvery: "step" as const,
  warmupSteps: 0,
  accumulate: 1,
  maxGradientNorm: 12,
  deepSupervision: true,
  deepSupervisionWeights: "mednext" as const,
  batchDice: false,
  foregroundFraction: 0.33,
  augmentation: "mirror" as const,
  mirrorAxes: [0, 1, 2],
  transforms: {},
};
/** The same of `infer`. */
export const inferParams = {
  subset: "validation" as const,
  fold: 0,
  stepSize: 0.5,
  mirrorAxes: [2],
  aggregate: "logits" as const,
  probabilities: false,
};

/** The same of `evaluate`. */
export const evaluateParams = {
  metrics: ["dice"],
  bootstrap: { resamples: 100, confidence: 0.95 },
  pictures: false,
};

/** Makes the data set in a folder that is removed at the end. */
export async function withDataset(
  use: (folder: string, dataset: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "stages_test_" });
  try {
    await makeDataset(join(folder, "dataset"));
    await use(folder, join(folder, "dataset"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
