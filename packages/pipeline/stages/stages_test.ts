import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { readNifti, sameGrid, writeNifti } from "@mednext/data";
import { applyPostprocessing, connectedComponents } from "@mednext/segment";
import { join } from "@std/path";
import { readModelDescription } from "../artifacts/model_description.ts";
import { writePostprocessing } from "../artifacts/postprocessing_folder.ts";
import { stageConformance } from "../stage_conformance.ts";
import {
  COMPUTE,
  evaluateParams,
  inferParams,
  makeCase,
  preprocessParams,
  runStage,
  trainParams,
  withDataset,
} from "../testdata/dataset.ts";
import ensemble from "./ensemble.ts";
import evaluate from "./evaluate.ts";
import infer from "./infer.ts";
import preprocess from "./preprocess.ts";
import train from "./train.ts";

Deno.test("the stages lead from a data set to masks in the images' own grids and a report", () =>
  withDataset(async (folder, dataset) => {
    const { volumes, splits } = await runStage(preprocess, {
      folder,
      params: preprocessParams,
      inputs: { dataset },
    });
    const first = await runStage(train, {
      folder,
      params: trainParams,
      inputs: { volumes, splits },
    });
    const second = await runStage(train, {
      folder,
      params: { ...trainParams, kernelSize: 5, initialize: "upkern" },
      inputs: { volumes, splits, init: first.model },
    });
    const { network, labels } = await readModelDescription(second.model);
    assertEquals([network.kernelSize, network.classes], [5, 3]);
    assertEquals(labels.map(({ name }) => name), ["background", "other", "ball"]);
    const log = await Deno.readTextFile(join(second.model, "training_log.jsonl"));
    assertEquals(log.trim().split("\n").map((line) => JSON.parse(line).epoch), [0, 1]);

    const models = [second.model, second.model];
    const { masks } = await runStage(infer, {
      folder,
      params: { ...inferParams, subset: "all" },
      inputs: { volumes, model: models },
    });
    for (let i = 0; i < 6; i++) {
      const part = i < 5 ? "imagesTr" : "imagesTs";
      const image = await readNifti(join(dataset, part, `case_${i}_0000.nii.gz`));
      const mask = await readNifti(join(masks, `case_${i}.nii.gz`));
      assertEquals(sameGrid(image, mask), []);
      assertEquals(mask.affine, image.affine);
    }
    const held = await runStage(infer, {
      folder,
      params: inferParams,
      inputs: { volumes, splits, model: models },
    });
    const { report } = await runStage(evaluate, {
      folder,
      params: { ...evaluateParams, pictures: true },
      inputs: { dataset, masks: [held.masks] },
    });
    const summary = JSON.parse(await Deno.readTextFile(join(report, "summary.json")));
    assertEquals(summary.cases.length, 1);
    await Deno.stat(join(report, "pictures", `${summary.cases[0].id}.png`));
  }));

Deno.test("infer post-processes its masks, and ensemble makes them anew from their probabilities", () =>
  withDataset(async (folder, dataset) => {
    const { volumes, splits } = await runStage(preprocess, {
      folder,
      params: preprocessParams,
      inputs: { dataset },
    });
    const { model } = await runStage(train, {
      folder,
      params: trainParams,
      inputs: { volumes, splits },
    });
    const { labels } = await readModelDescription(model);
    const params = { ...inferParams, aggregate: "softmax" as const, probabilities: true };
    const inputs = { volumes, splits, model: [model] };
    const { masks } = await runStage(infer, { folder, params, inputs });
    const [{ name }] = [...Deno.readDirSync(masks)].filter(({ name }) => name.endsWith(".nii.gz"));
    const read = async (masks: string) => await readNifti(join(masks, name));
    const plain = await read(masks);
    const data = plain.data as Uint8Array;
    // After two steps of training, at least one label is scattered.
    const { shape } = plain;
    const scattered = [1, 2].filter((label) =>
      connectedComponents(data.map((value) => Number(value === label)), { shape }).sizes.length > 1
    );
    const step = { operation: "keep-largest-component" as const, name: "", values: scattered };
    const steps = [{ ...step, connectivity: 26 as const }];
    const postprocessing = join(folder, "postprocessing");
    await Deno.mkdir(postprocessing);
    await writePostprocessing(postprocessing, { labels, steps }, "");
    const expected = applyPostprocessing(data, steps, { shape });
    assertNotEquals(expected, data);

    const cleaned = await runStage(infer, {
      folder,
      params,
      inputs: { ...inputs, postprocessing },
    });
    assertEquals((await read(cleaned.masks)).data, expected);
    const average = (inputs: Record<string, string | string[]>) =>
      runStage(ensemble, { folder, params: { aggregate: "softmax" as const }, inputs });
    const twice = await read((await average({ dataset, masks: [masks, masks] })).masks);
    // Stored as float16: voxels between two classes may go to the other one.
    const different = twice.data.filter((value, i) => value !== data[i]).length;
    assert(different < 0.02 * data.length, `${different} of ${data.length}`);
    const both = await read((await average({ dataset, masks: [masks], postprocessing })).masks);
    assertEquals(both.data, applyPostprocessing(twice.data as Uint8Array, steps, plain));
  }));

Deno.test("preprocess refuses an image and a label of different grids by their names", () =>
  withDataset(async (folder, dataset) => {
    const path = join(dataset, "labelsTr", "case_0.nii.gz");
    await writeNifti(path, {
      ...makeCase(0).label,
      spacing: [1, 1, 1],
      affine: makeCase(1).image.affine,
    });
    await assertRejects(
      () => runStage(preprocess, { folder, params: preprocessParams, inputs: { dataset } }),
      Error,
      `${join(dataset, "imagesTr", "case_0_0000.nii.gz")} and ${path}: expected one grid, found `,
    );
  }));

Deno.test("train refuses a patch that leaves one voxel at the bottleneck before it starts", () =>
  withDataset(async (folder, dataset) => {
    const { volumes, splits } = await runStage(preprocess, {
      folder,
      params: preprocessParams,
      inputs: { dataset },
    });
    await assertRejects(
      () =>
        runStage(train, {
          folder,
          params: { ...trainParams, patchSize: [16, 16, 16] },
          inputs: { volumes, splits },
        }),
      RangeError,
      "expected more than one voxel at 1/16 of the resolution, found one",
    );
  }));

Deno.test("the stages keep their contract: same bytes again, and after stopping and going on", () =>
  withDataset(async (folder, dataset) => {
    await stageConformance(preprocess, { in: { dataset }, compute: COMPUTE });
    const { volumes, splits } = await runStage(preprocess, {
      folder,
      params: preprocessParams,
      inputs: { dataset },
    });
    await stageConformance(train, {
      in: { volumes, splits },
      params: trainParams,
      seed: 5,
      compute: COMPUTE,
      stopAt: [1, 3],
    });
    const { model } = await runStage(train, {
      folder,
      params: trainParams,
      inputs: { volumes, splits },
    });
    // Six cases of four patches each: stopped in the first and in the fourth.
    await stageConformance(infer, {
      in: { volumes, model: [model] },
      params: { ...inferParams, subset: "all", mirrorAxes: [], probabilities: true },
      compute: COMPUTE,
      stopAt: [1, 14],
    });
  }));
