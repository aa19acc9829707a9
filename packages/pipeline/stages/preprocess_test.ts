import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  readCase,
  readNifti,
  readSplits,
  restoreMask,
  type Triple,
  writeNifti,
} from "@mednext/data";
import { tf } from "@mednext/kernels";
import { join } from "@std/path";
import { casePath, readVolumesManifest } from "../artifacts/volumes_folder.ts";
import {
  inferParams,
  makeCase,
  preprocessParams,
  runStage,
  SHAPE,
  trainParams,
  withDataset,
} from "../testdata/dataset.ts";
import infer from "./infer.ts";
import preprocess from "./preprocess.ts";
import train from "./train.ts";

Deno.test("preprocess refuses at once what it would find out last", () =>
  withDataset(async (folder, dataset) => {
    const run = (params = preprocessParams) =>
      runStage(preprocess, { folder, params, inputs: { dataset } });
    assertEquals(
      (await assertRejects(() => run({ ...preprocessParams, folds: 6 }), RangeError)).message,
      "Cannot split 5 cases into 6 folds: every fold needs a case",
    );
    await Deno.copyFile(
      join(dataset, "imagesTs", "case_5_0000.nii.gz"),
      join(dataset, "imagesTs", "case_1_0000.nii.gz"),
    );
    assertEquals(
      (await assertRejects(() => run(), RangeError)).message,
      "Cannot preprocess the data set dataset: expected cases without labels to have names of " +
        "their own, found those of cases with labels: case_1",
    );
    const scratch = (await Array.fromAsync(Deno.readDir(folder))).filter(({ name }) =>
      name !== "dataset"
    );
    for (const { name } of scratch) {
      assertEquals(await Array.fromAsync(Deno.readDir(join(folder, name))), []);
    }
  }));

/** A data set of new images alone: no labels, twice as bright, at another spacing. */
async function makeNewImages(folder: string): Promise<void> {
  await Deno.mkdir(join(folder, "imagesTs"), { recursive: true });
  const { image } = makeCase(7);
  await writeNifti(join(folder, "imagesTs", "new_0000.nii.gz"), {
    ...image,
    data: image.data.map((value) => 2 * value) as Float32Array,
    spacing: [1, 1, 2],
    affine: [2, 0, 0, -5, 0, 1, 0, 7.5, 0, 0, 1, 3, 0, 0, 0, 1],
  });
  const description = {
    channel_names: { 0: "CT" },
    labels: { background: 0, ball: 2, other: 1 },
    numTraining: 0,
    file_ending: ".nii.gz",
  };
  await Deno.writeTextFile(join(folder, "dataset.json"), JSON.stringify(description));
}

Deno.test("a model segments new images that are preprocessed as its own, and refuses others", () =>
  withDataset(async (folder, dataset) => {
    const own = await runStage(preprocess, {
      folder,
      params: { ...preprocessParams, spacing: [1, 1, 1] as Triple },
      inputs: { dataset },
    });
    const { model } = await runStage(train, {
      folder,
      params: { ...trainParams, epochs: 1, stepsPerEpoch: 1 },
      inputs: { volumes: own.volumes, splits: own.splits },
    });
    const images = join(folder, "new");
    await makeNewImages(images);
    const params = { ...inferParams, subset: "test" as const };
    const { volumes, splits } = await runStage(preprocess, {
      folder,
      params: preprocessParams,
      inputs: { dataset: images, model },
    });
    assertEquals(await readSplits(splits), []);
    const { masks } = await runStage(infer, {
      folder,
      params,
      inputs: { volumes, model: [model, model] },
    });
    const mask = await readNifti(join(masks, "new.nii.gz"));
    assertEquals([mask.shape, mask.spacing], [SHAPE, [1, 1, 2]]);

    const other = await runStage(preprocess, {
      folder,
      params: { ...preprocessParams, normalization: ["none" as const] },
      inputs: { dataset: images },
    });
    const tensors = tf.memory().numTensors;
    const error = await assertRejects(
      () => runStage(infer, { folder, params, inputs: { volumes: other.volumes, model: [model] } }),
      RangeError,
    );
    assertEquals(
      error.message,
      `Cannot use the model in '${model}': expected cases that are preprocessed as those that it ` +
        "was trained on, found another spacing: [1,1,1] -> nothing; give the model to the stage " +
        "preprocess, too",
    );
    assertEquals(tf.memory().numTensors, tensors);
  }));

Deno.test("preprocess carries regions and the ignore label into its manifest and its cases", () =>
  withDataset(async (folder, dataset) => {
    const file = join(dataset, "dataset.json");
    const description = JSON.parse(await Deno.readTextFile(file));
    const labels = { background: 0, whole: [1, 65534], core: 65534, ignore: 65535 };
    await Deno.writeTextFile(
      file,
      JSON.stringify({ ...description, labels, regions_class_order: [1, 65534] }),
    );
    for (let i = 0; i < 5; i++) {
      const { label } = makeCase(i);
      const data = Uint16Array.from(label.data, (value, voxel) => {
        if (voxel < 500) return 65535;
        return value === 0 ? 0 : voxel % 2 === 0 ? 1 : 65534;
      });
      await writeNifti(join(dataset, "labelsTr", `case_${i}.nii.gz`), { ...label, data });
    }
    const { volumes } = await runStage(preprocess, {
      folder,
      params: preprocessParams,
      inputs: { dataset },
    });
    const manifest = await readVolumesManifest(volumes);
    assertEquals(manifest.labels.map(({ name, value }) => [name, value]), [
      ["background", 0],
      ["label 1", 1],
      ["core", 65534],
    ]);
    assertEquals(manifest.ignoreLabel, 65535);
    assertEquals(manifest.regions, [
      { name: "whole", values: [1, 65534] },
      { name: "core", values: [65534] },
    ]);
    assertEquals(manifest.regionsClassOrder, [1, 65534]);
    const { label, foreground, annotated } = await readCase(casePath(volumes, "case_0"));
    assertEquals([...new Set(label)].sort(), [0, 1, 2, 3]);
    assertEquals(foreground.map(({ label }) => label), [1, 2]);
    assertEquals(annotated!.some((voxel) => label![voxel] === 3), false);
  }));

Deno.test("preprocess goes by a plan, and by its parameters before that", () =>
  withDataset(async (folder, dataset) => {
    const plan = join(folder, "plan");
    const normalization = [{ scheme: "zscore" as const, insideMask: true }];
    const chosen = {
      transpose: [2, 0, 1] as Triple,
      spacing: [2, 1, 1.5] as Triple,
      order: "normalize-first" as const,
      normalization,
    };
    const makePlanFolder = async (channelNames: string[]) =>
      await Deno.writeTextFile(
        plan,
        JSON.stringify({
          format: 1,
          dataset: "set",
          preset: "auto",
          channelNames,
          ...chosen,
          medianShape: [10, 20, 16],
          patchSize: [16, 32, 16],
          batchSize: 2,
          batchDice: false,
          memory: { budgetBytes: 1, estimatedBytes: 1 },
        }),
      );
    await makePlanFolder(["MR"]);
    const run = (params: Parameters<typeof preprocess.run>[0]["params"] = preprocessParams) =>
      runStage(preprocess, { folder, params, inputs: { dataset, plan } });
    const { volumes } = await run();
    assertEquals((await readVolumesManifest(volumes)).plan, { ...chosen, labels: [0, 1, 2] });
    const { shape, spacing, geometry } = await readCase(casePath(volumes, "case_0"));
    const [depth, height, width] = SHAPE;
    assertEquals(shape, [width / 2, depth, height / 1.5]);
    assertEquals(spacing, chosen.spacing);
    const mask = restoreMask(new Uint8Array(shape[0] * shape[1] * shape[2]).fill(1), geometry);
    assertEquals([mask.shape, mask.affine], [SHAPE, makeCase(0).image.affine]);
    assertEquals(mask.data.every((value) => value === 1), true);

    const given = {
      spacing: [1, 1, 1] as Triple,
      order: "resample-first" as const,
      normalization: ["none" as const],
    };
    const other = await run({ ...preprocessParams, ...given });
    assertEquals((await readVolumesManifest(other.volumes)).plan, {
      ...given,
      transpose: chosen.transpose,
      normalization: [{ scheme: "none" }],
      labels: [0, 1, 2],
    });

    await makePlanFolder(["CT"]);
    assertEquals(
      (await assertRejects(() => run(), RangeError)).message,
      `Cannot preprocess the data set dataset by the plan in '${plan}': expected the channels CT, ` +
        "found MR",
    );
  }));

Deno.test("preprocess refuses a recipe of its own beside a model, before it runs", () => {
  const check = (
    params: Partial<Parameters<typeof preprocess.run>[0]["params"]>,
    ...ports: ("model" | "plan")[]
  ) =>
    preprocess.check!(
      { ...preprocessParams, ...params },
      new Map((["dataset", ...ports] as const).map((port) => [port, 1])),
    );
  check({ spacing: [1, 1, 1] });
  check({}, "model");
  check({ spacing: [1, 1, 1] }, "plan");
  for (const own of [{ spacing: [1, 1, 1] as Triple }, { order: "resample-first" as const }]) {
    assertEquals(
      assertThrows(() => check(own, "model"), RangeError).message,
      "Cannot preprocess as for the input 'model' when 'spacing', 'normalization' or 'order' is " +
        "given: all of them are the model's",
    );
  }
  assertEquals(
    assertThrows(() => check({}, "model", "plan"), RangeError).message,
    "Cannot preprocess as for a plan and for a model: expected one of the inputs 'plan' and " +
      "'model', found both",
  );
});
