import { assert, assertEquals } from "@std/assert";
import { writeNifti } from "@mednext/data";
import { join } from "@std/path";
import { readModelDescription } from "../artifacts/model_description.ts";
import preprocess from "../stages/preprocess.ts";
import train from "../stages/train.ts";
import {
  makeCase,
  preprocessParams,
  runStage,
  trainParams,
  withDataset,
} from "../testdata/dataset.ts";
import { trainingTarget } from "./training_target.ts";

const labels = [
  { name: "background", value: 0 },
  { name: "edema", value: 2 },
  { name: "core", value: 300 },
];

Deno.test("trainingTarget() makes classes of label values, and a class behind the last of what is ignored", () => {
  assertEquals(trainingTarget({ labels }), { outputs: 3, names: ["edema", "core"], loss: {} });
  assertEquals(trainingTarget({ labels, ignoreLabel: 301 }).loss, { ignoreClass: 3 });
  const regions = [{ name: "whole", values: [2, 300] }, { name: "core", values: [300] }];
  assertEquals(trainingTarget({ labels, regions, regionsClassOrder: [2, 300], ignoreLabel: 301 }), {
    outputs: 2,
    names: ["whole", "core"],
    loss: { regions: [[1, 2], [2]], ignoreClass: 3 },
  });
});

Deno.test("train learns regions, with voxels that are ignored", () =>
  withDataset(async (folder, dataset) => {
    const file = join(dataset, "dataset.json");
    const description = JSON.parse(await Deno.readTextFile(file));
    description.labels = { background: 0, whole: [1, 2], core: 2, ignore: 3 };
    await Deno.writeTextFile(file, JSON.stringify({ ...description, regions_class_order: [1, 2] }));
    for (let i = 0; i < 5; i++) {
      const { label } = makeCase(i);
      const data = Uint8Array.from(label.data, (value, voxel) => {
        if (voxel < 500) return 3;
        return value === 0 ? 0 : voxel % 2 + 1;
      });
      await writeNifti(join(dataset, "labelsTr", `case_${i}.nii.gz`), { ...label, data });
    }
    const options = { folder, params: preprocessParams, inputs: { dataset } };
    const { volumes, splits } = await runStage(preprocess, options);
    const params = {
      ...trainParams,
      epochs: 6,
      batchSize: 1,
      stepsPerEpoch: 5,
      patchSize: [16, 32, 32] as [number, number, number],
    };
    const optimizer = { ...params.optimizer, learningRate: 0.02 };
    const { model } = await runStage(train, {
      folder,
      params: { ...params, optimizer },
      inputs: { volumes, splits },
    });
    const { network, regions, ignoreLabel, regionsClassOrder } = await readModelDescription(model);
    assertEquals([network.classes, regions?.map(({ name }) => name)], [2, ["whole", "core"]]);
    assertEquals([ignoreLabel, regionsClassOrder], [3, [1, 2]]);
    const text = await Deno.readTextFile(join(model, "training_log.jsonl"));
    const epochs = text.trim().split("\n").map((line) => JSON.parse(line));
    assertEquals(Object.keys(epochs[0].pseudoDiceOf), ["whole", "core"]);
    // The ball stands out, so the region that is the whole of it is learnt; its core is every other voxel.
    assert(epochs.at(-1).pseudoDiceOf.whole > 0.7, text);
    assert(epochs.at(-1).loss < epochs[0].loss - 0.5, text);
  }));
