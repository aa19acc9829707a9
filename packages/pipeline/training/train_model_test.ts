import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { type Triple, writeNifti } from "@mednext/data";
import { setBackend } from "@mednext/kernels";
import { createMedNeXt } from "@mednext/mednext";
import { join } from "@std/path";
import { readWeights } from "../artifacts/model_folder.ts";
import { stageConformance } from "../stage_conformance.ts";
import preprocess from "../stages/preprocess.ts";
import train from "../stages/train.ts";
import { checkTrainParams, type TrainParams } from "../stages/params/train_params.ts";
import {
  COMPUTE,
  makeCase,
  preprocessParams,
  runStage,
  trainParams,
  withDataset,
} from "../testdata/dataset.ts";
import { trainModel } from "./train_model.ts";
import type { EpochRecord } from "./training_history.ts";

/** Runs with the preprocessed cases of the small data set. */
function withVolumes(
  use: (folder: string, inputs: { volumes: string; splits: string }) => Promise<void>,
): Promise<void> {
  return withDataset(async (folder, dataset) => {
    const options = { folder, params: preprocessParams, inputs: { dataset } };
    await use(folder, await runStage(preprocess, options));
  });
}

async function logOf(model: string): Promise<EpochRecord[]> {
  const text = await Deno.readTextFile(join(model, "training_log.jsonl"));
  return text.trim().split("\n").map((line) => JSON.parse(line));
}

Deno.test("train gives the same bytes after stopping anywhere, with a best epoch between two checkpoints", () =>
  withVolumes((_, inputs) =>
    stageConformance(train, {
      in: inputs,
      params: {
        ...trainParams,
        epochs: 4,
        checkpointEvery: 3,
        weights: "best",
        optimizer: { name: "sgd", weightDecay: 3e-5 },
        decayEvery: "epoch",
        warmupSteps: 3,
        accumulate: 2,
        batchSize: 1,
      },
      seed: 5,
      compute: COMPUTE,
      // In the middle of an epoch, before the validation of one, and in the last.
      stopAt: [3, 4, 7],
    })
  ));

Deno.test("train looks at the held-back cases after each epoch, and makes the best weights the model if asked", () =>
  withVolumes(async (folder, inputs) => {
    const lines: string[] = [];
    const log = (line: string) => void lines.push(line);
    const run = async (learningRate: number, weights: "final" | "best") => {
      const optimizer = { ...trainParams.optimizer, learningRate };
      const params = { ...trainParams, epochs: 5, validationSteps: 2, optimizer, weights };
      lines.length = 0;
      const { model } = await runStage(train, { folder, params, inputs, log });
      return { model, weights: await readWeights(model), epochs: await logOf(model) };
    };
    const bestOf = (epochs: EpochRecord[]) => {
      const averages = epochs.map(({ pseudoDiceAverage }) => pseudoDiceAverage!);
      return averages.indexOf(Math.max(...averages));
    };
    // At this rate the network gets worse again, at the next it does not.
    const [worse, best] = [await run(0.3, "final"), await run(0.3, "best")];
    assert(bestOf(worse.epochs) < 4);
    assertEquals(best.epochs, worse.epochs);
    assertNotEquals(best.weights, worse.weights);
    const [last, bestIsLast] = [await run(1e-3, "final"), await run(1e-3, "best")];
    assertEquals(bestOf(last.epochs), 4);
    assertEquals(bestIsLast.weights, last.weights);

    assertEquals(lines.filter((line) => line.startsWith("no training case")), [
      "no training case holds other: it cannot be learnt",
    ]);
    const [epoch] = worse.epochs;
    assertEquals(Object.keys(epoch.pseudoDiceOf!), ["other", "ball"]);
    assertEquals("seconds" in epoch, false);
    await Deno.stat(join(last.model, "progress.png"));
  }));

Deno.test("trainModel() stops when its minutes are over, with the learning rate near zero", async () => {
  await setBackend("wasm", { threads: 1 });
  const scratch = await Deno.makeTempDir();
  const model = createMedNeXt({ inputChannels: 1, classes: 2, baseChannels: 1, kernelSize: 1 });
  const shape = [1, 16, 16, 32] as const, voxels = 16 * 16 * 32;
  let seconds = 5;
  const training = () => {
    seconds += 20;
    const images = new Float32Array(voxels).fill(1);
    return Promise.resolve({ images, labels: new Uint8Array(voxels), shape });
  };
  const target = { names: ["ball"], outputs: 2, loss: {} };
  const told: number[] = [];
  try {
    const { epochs } = await trainModel(model, { training, target }, {
      params: { ...trainParams, epochs: 100_000, maxMinutes: 1 },
      scratch,
      signal: new AbortController().signal,
      progress: ({ done }) => void told.push(done),
      log() {},
      now: () => 1000 * seconds,
    });
    assertEquals(told, [20, 40, 60]);
    assertEquals(epochs.map(({ steps, seconds }) => [steps, seconds]), [[2, 40], [3, 20]]);
    // The rate is that of the time at the first step of an epoch.
    assertAlmostEquals(epochs[0].learningRate, 1e-3 * (2 / 3) ** 0.9, 1e-8);
    assertEquals(epochs[1].learningRate, 0);
  } finally {
    model.dispose();
    await Deno.remove(scratch, { recursive: true });
  }
});

Deno.test("train ends after the first step that ends late, and keeps its times", () =>
  withVolumes(async (folder, inputs) => {
    const params = { ...trainParams, maxMinutes: 1e-9 };
    const { model } = await runStage(train, { folder, params, inputs });
    const [epoch, ...others] = await logOf(model);
    assertEquals([epoch.steps, others], [1, []]);
    assert(epoch.seconds > 0);
  }));

Deno.test("train works with one case, with patches larger than it, and without any foreground", () =>
  withDataset(async (folder, dataset) => {
    for (let i = 1; i < 5; i++) {
      await Deno.remove(join(dataset, "imagesTr", `case_${i}_0000.nii.gz`));
      await Deno.remove(join(dataset, "labelsTr", `case_${i}.nii.gz`));
    }
    const description = join(dataset, "dataset.json");
    const text = await Deno.readTextFile(description);
    await Deno.writeTextFile(description, text.replace('"numTraining":5', '"numTraining":1'));
    const { label } = makeCase(0);
    const blank = { ...label, data: new Uint8Array(label.data.length) };
    await writeNifti(join(dataset, "labelsTr", "case_0.nii.gz"), blank, { dtype: "label" });
    const { volumes } = await runStage(preprocess, {
      folder,
      params: { ...preprocessParams, normalization: ["none"] },
      inputs: { dataset },
    });
    const lines: string[] = [];
    const params: TrainParams = {
      ...trainParams,
      fold: "all",
      patchSize: [32, 32, 32] as Triple,
      epochs: 1,
      weights: "best",
    };
    const log = (line: string) => void lines.push(line);
    const { model } = await runStage(train, { folder, params, inputs: { volumes }, log });
    const [epoch] = await logOf(model);
    // What the network finds is wrong: there is nothing.
    assertEquals([epoch.pseudoDice, epoch.pseudoDiceAverage], [0, 0]);
    assert(Number.isFinite(epoch.loss));
    assertEquals(lines.slice(0, 3), [
      "no training case holds other: it cannot be learnt",
      "no training case holds ball: it cannot be learnt",
      "fold all holds no case back: the pseudo Dice is that of training cases",
    ]);
  }));

Deno.test("checkTrainParams() refuses settings that mean nothing together", () => {
  const message = "Cannot train with the optimizer adamw: 'momentum' is a setting of sgd";
  const optimizer = { name: "adamw" as const, weightDecay: 0, momentum: 0.9 };
  assertThrows(() => checkTrainParams({ ...trainParams, optimizer }), RangeError, message);
  const sgd = { name: "sgd" as const, weightDecay: 0, epsilon: 1 };
  assertThrows(
    () => checkTrainParams({ ...trainParams, optimizer: sgd }),
    RangeError,
    "Cannot train with the optimizer sgd: 'epsilon' is a setting of adamw",
  );
  assertThrows(
    () => checkTrainParams({ ...trainParams, weights: "best", validationSteps: 0 }),
    RangeError,
    "Cannot keep the best weights: 'validationSteps' is 0, so nothing tells which they are",
  );
});
