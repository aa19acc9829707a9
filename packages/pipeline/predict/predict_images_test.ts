import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  createMaskPainter,
  preprocessCase,
  readNifti,
  restoreMask,
  writeNifti,
  writeZarr,
} from "@mednext/data";
import { setBackend } from "@mednext/kernels";
import { createMedNeXt } from "@mednext/mednext";
import { predictVolume } from "@mednext/segment";
import { join } from "@std/path";
import { readMasksManifest } from "../artifacts/masks_folder.ts";
import type { ModelDescription } from "../artifacts/model_description.ts";
import { writeModelFolder } from "../artifacts/model_folder.ts";
import { writePostprocessing } from "../artifacts/postprocessing_folder.ts";
import { openProbabilities } from "../artifacts/probabilities_reader.ts";
import infer from "../stages/infer.ts";
import preprocess from "../stages/preprocess.ts";
import train from "../stages/train.ts";
import {
  inferParams,
  makeCase,
  preprocessParams,
  runStage,
  SHAPE,
  trainParams,
  withDataset,
} from "../testdata/dataset.ts";
import { predictImages } from "./predict_images.ts";

const compute = { backend: "wasm" as const, threads: 1 };

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "predict_test_" });
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A model of random weights whose scores differ from voxel to voxel. */
async function makeModel(
  folder: string,
  { seed, ...changes }: { seed: number } & Partial<ModelDescription>,
): Promise<string> {
  await setBackend("wasm", { threads: 1 });
  const labels = [0, 4, 9].map((value) => ({ name: `label ${value}`, value }));
  const classes = (changes.regions ?? labels).length;
  const network = { inputChannels: 1, classes, baseChannels: 2, seed };
  const model = createMedNeXt(network);
  await Deno.mkdir(folder);
  await writeModelFolder(folder, {
    model,
    description: {
      network,
      labels,
      channelNames: ["MR"],
      plan: { spacing: [1.5, 1, 1.2], normalization: [{ scheme: "zscore" }] },
      patchSize: [16, 16, 32],
      mirrorAxes: [2],
      training: { dataset: "balls", fold: 0, parameters: {} },
      ...changes,
    },
  });
  model.dispose();
  return folder;
}

/** Writes images of the test's data set and gives them as `findImages` does. */
async function makeImages(folder: string, count: number) {
  return await Promise.all(Array.from({ length: count }, async (_, i) => {
    const path = join(folder, `case_${i}.nii.gz`);
    await writeNifti(path, makeCase(i).image);
    return { id: `case_${i}`, images: [path] };
  }));
}

Deno.test("predictImages() gives the masks that preprocess and infer give", () =>
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
    const { mirrorAxes: _, ...params } = inferParams;
    const { masks } = await runStage(infer, {
      folder,
      params: { ...params, subset: "test" },
      inputs: { volumes, model: [model] },
    });
    const output = join(folder, "masks");
    const id = "case_5";
    const image = join(dataset, "imagesTs", `${id}_0000.nii.gz`);
    const options = { models: [model], output, ...compute };
    const result = await predictImages([{ id, images: [image] }], options);
    assertEquals(result, { segmented: [id], kept: [], failed: [] });
    const [ours, theirs] = [output, masks].map((path) => join(path, `${id}.nii.gz`));
    assertEquals(await Deno.readFile(ours), await Deno.readFile(theirs));
    assertEquals((await readMasksManifest(output)).cases, [id]);
  }));

Deno.test("predictImages() averages models, resamples the scores and writes probabilities that lead to the mask", () =>
  withFolder(async (folder) => {
    const models = await Promise.all(
      [1, 2].map((seed) => makeModel(join(folder, `model_${seed}`), { seed })),
    );
    const images = await makeImages(folder, 2);
    for (const aggregate of ["logits", "softmax"] as const) {
      const output = join(folder, aggregate);
      const options = { models, output, aggregate, probabilities: true, ...compute };
      assertEquals((await predictImages(images, options)).failed, []);
      for (const { id, images: [path] } of images) {
        const mask = await readNifti(join(output, `${id}.nii.gz`));
        assertEquals(mask.affine, (await readNifti(path)).affine);
        assert(new Set(mask.data).size > 1);
        const { geometry, ...probabilities } = await openProbabilities(join(output, `${id}.zarr`));
        assertEquals(probabilities.activation, "softmax");
        const painter = createMaskPainter(geometry, { classes: 3, labels: [0, 4, 9] });
        for await (const row of probabilities.rows()) {
          painter.paint(row);
          for (let at = 0; at < row.scores.length; at += 3) {
            const sum = row.scores[at] + row.scores[at + 1] + row.scores[at + 2];
            assert(Math.abs(sum - 1) < 2 ** -10); // three roundings to float16 below 1
          }
        }
        // Probabilities within half a unit of float16 of each other may swap places: few voxels.
        const other = [...painter.finish().data].filter((value, i) =>
          value !== mask.data[i]
        ).length;
        assert(other < mask.data.length / 100, `${other} of ${mask.data.length}`);
      }
    }
    const [first] = images;
    const { image, shape, geometry } = preprocessCase(
      { id: "a", images: [await readNifti(first.images[0])] },
      { spacing: [1.5, 1, 1.2], normalization: [{ scheme: "zscore" }] },
    );
    const networks = [1, 2].map((seed) =>
      createMedNeXt({ inputChannels: 1, classes: 3, baseChannels: 2, seed })
    );
    const { scores } = await predictVolume(networks, image, {
      shape,
      patchSize: [16, 16, 32],
      mirrorAxes: [2],
    });
    const whole = restoreMask(scores, geometry, { classes: 3, labels: [0, 4, 9] });
    const mask = await readNifti(join(folder, "logits", `${first.id}.nii.gz`));
    assertEquals([...mask.data], [...whole.data]);
    networks.forEach((network) => network.dispose());
  }));

Deno.test("predictImages() paints regions in their order", () =>
  withFolder(async (folder) => {
    const regions = [{ name: "whole", values: [4, 9] }, { name: "core", values: [9] }];
    const plan = { normalization: [{ scheme: "zscore" as const }] };
    const fields = { seed: 3, regions, regionsClassOrder: [4, 9], plan, mirrorAxes: [] };
    const model = await makeModel(join(folder, "model"), fields);
    const images = await makeImages(folder, 1);
    const volume = makeCase(0).image;
    const { image, shape } = preprocessCase({ id: "a", images: [volume] }, plan);
    assertEquals(shape, SHAPE);
    const network = createMedNeXt({ inputChannels: 1, classes: 2, baseChannels: 2, seed: 3 });
    for (const aggregate of ["logits", "softmax"] as const) {
      const output = join(folder, aggregate);
      const result = await predictImages(images, {
        models: [model],
        output,
        aggregate,
        ...compute,
      });
      assertEquals(result.failed, []);
      const { scores } = await predictVolume(network, image, {
        shape,
        patchSize: [16, 16, 32],
        aggregate: aggregate === "logits" ? "logits" : "sigmoid",
      });
      const threshold = aggregate === "logits" ? 0 : 0.5;
      const expected = Array.from(
        { length: scores.length / 2 },
        (_, i) => scores[2 * i + 1] > threshold ? 9 : scores[2 * i] > threshold ? 4 : 0,
      );
      assertEquals([...(await readNifti(join(output, "case_0.nii.gz"))).data], expected);
    }
    network.dispose();
  }));

Deno.test("predictImages() reads several channels, from files of their own, from one file and from Zarr", () =>
  withFolder(async (folder) => {
    await setBackend("wasm", { threads: 1 });
    const network = { inputChannels: 2, classes: 3, baseChannels: 2, seed: 1 };
    const plan = { normalization: [{ scheme: "zscore" as const }, { scheme: "none" as const }] };
    const model = await makeModel(join(folder, "model"), { seed: 1 });
    await Deno.remove(model, { recursive: true });
    await Deno.mkdir(model);
    const built = createMedNeXt(network);
    const labels = [0, 1, 2].map((value) => ({ name: String(value), value }));
    await writeModelFolder(model, {
      model: built,
      description: {
        network,
        labels,
        channelNames: ["T1", "T2"],
        plan,
        patchSize: [32, 32, 32],
        training: { dataset: "balls", fold: "all", parameters: {} },
      },
    });
    built.dispose();
    const [a, b] = [makeCase(0).image, makeCase(2).image];
    const data = new Float32Array(2 * a.data.length);
    a.data.forEach((value, i) => data.set([value, b.data[i]], 2 * i));
    await writeNifti(`${folder}/s_0000.nii.gz`, a);
    await writeNifti(`${folder}/s_0001.nii`, b);
    await writeNifti(`${folder}/both.nii.gz`, { ...a, data, channels: 2 });
    await writeZarr(`${folder}/zarr.zarr`, {
      arrays: {
        image: { data, shape: [...SHAPE, 2], dimensionNames: ["z", "y", "x", "c"] },
      },
    });
    const images = [
      { id: "s", images: [`${folder}/s_0000.nii.gz`, `${folder}/s_0001.nii`] },
      { id: "both", images: [`${folder}/both.nii.gz`] },
      { id: "zarr", images: [`${folder}/zarr.zarr/image`] },
      { id: "short", images: [`${folder}/s_0000.nii.gz`] },
    ];
    const output = join(folder, "masks");
    const { segmented, failed } = await predictImages(images, {
      models: [model],
      output,
      ...compute,
    });
    assertEquals(segmented, ["s", "both", "zarr"]);
    assertEquals(
      failed.map(({ error }) => error.message),
      [`Cannot use the case short:\n  ${folder}/s_0000.nii.gz: expected 2 channels, found 1`],
    );
    const [s, both, last] = await Promise.all(
      segmented.map((id) => readNifti(join(output, `${id}.nii.gz`))),
    );
    assertEquals(both.data, s.data);
    assertEquals(last.shape, s.shape);
  }));

Deno.test("predictImages() applies the post-processing in the model's folder, or the one that is given", () =>
  withFolder(async (folder) => {
    const model = await makeModel(join(folder, "model"), { seed: 2 });
    const images = await makeImages(folder, 1);
    const labels = [0, 4, 9].map((value) => ({ name: `label ${value}`, value }));
    const step = { operation: "keep-largest-component" as const, connectivity: 26 as const };
    const run = async (name: string, options = {}) => {
      const output = join(folder, name);
      await predictImages(images, { models: [model], output, ...compute, ...options });
      const { data } = await readNifti(join(output, "case_0.nii.gz"));
      return [4, 9].map((label) => [...data].filter((value) => value === label).length);
    };
    const plain = await run("plain");
    const given = join(folder, "given");
    await Deno.mkdir(given);
    await writePostprocessing(given, { labels, steps: [{ ...step, name: "9", values: [9] }] }, "");
    const cleaned = await run("cleaned", { postprocessing: given });
    assert(cleaned[1] < plain[1]);
    await writePostprocessing(model, { labels, steps: [{ ...step, name: "4", values: [4] }] }, "");
    const bundled = await run("bundled");
    assert(bundled[0] < plain[0]);
    assertEquals(bundled[1], plain[1]);
    assertEquals(
      await run("instead", { postprocessing: join(given, "postprocessing.json") }),
      cleaned,
    );

    const other = await makeModel(join(folder, "other"), { seed: 4 });
    await writePostprocessing(other, { labels, steps: [] }, "");
    const error = await assertRejects(() => run("both", { models: [model, other] }), RangeError);
    assertEquals(
      error.message,
      `Cannot post-process masks: expected one post-processing, found one in '${model}' and another in ` +
        `'${other}'`,
    );
  }));

Deno.test("predictImages() goes on after a corrupt image, keeps, replaces or refuses what is there, and stops", () =>
  withFolder(async (folder) => {
    const model = await makeModel(join(folder, "model"), { seed: 1 });
    const images = await makeImages(folder, 3);
    const output = join(folder, "masks");
    const whole = await Deno.readFile(images[1].images[0]);
    await Deno.writeFile(images[1].images[0], whole.subarray(0, whole.length >> 1));
    const events: string[] = [];
    const options = {
      models: [model],
      output,
      ...compute,
      onImage: ({ id, error }: { id: string; error?: Error }) =>
        void events.push(`${id} ${error === undefined}`),
    };
    const controller = new AbortController();
    const stopped = await assertRejects(
      () =>
        predictImages(images, {
          ...options,
          signal: controller.signal,
          onProgress: ({ index }) => index === 2 && controller.abort(new Error("enough")),
        }),
      Error,
    );
    assertEquals(stopped.message, "enough");
    assertEquals(events, ["case_0 true", "case_1 false"]);
    const names = async () => (await Array.fromAsync(Deno.readDir(output))).map(({ name }) => name);
    // Whole, and nothing half written beside it.
    assertEquals((await names()).sort(), ["case_0.nii.gz", "prediction.json"]);

    const refused = await assertRejects(() => predictImages(images, options), Error);
    assertEquals(
      refused.message,
      `Cannot write masks into '${output}': found case_0.nii.gz there already, and neither to be kept ` +
        "(--continue) nor to be replaced (--overwrite)",
    );
    const first = await Deno.stat(join(output, "case_0.nii.gz"));
    const kept = await predictImages(images, { ...options, existing: "keep" });
    assertEquals([kept.segmented, kept.kept], [["case_2"], ["case_0"]]);
    assertEquals(kept.failed.map(({ id }) => id), ["case_1"]);
    assert(kept.failed[0].error.message.startsWith(`Cannot read '${images[1].images[0]}'`));
    assertEquals((await Deno.stat(join(output, "case_0.nii.gz"))).ino, first.ino);
    assertEquals((await readMasksManifest(output)).cases, ["case_0", "case_2"]);

    await Deno.writeFile(images[1].images[0], whole);
    const all = await predictImages(images, { ...options, existing: "replace" });
    assertEquals(all.segmented, ["case_0", "case_1", "case_2"]);
    assertEquals((await readMasksManifest(output)).cases, all.segmented);
  }));

Deno.test("predictImages() takes the models of a folder of folds and says what the masks were made with", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(join(folder, "folds"));
    const models = [
      await makeModel(join(folder, "folds", "fold=0"), { seed: 1 }),
      await makeModel(join(folder, "folds", "fold=1"), { seed: 2 }),
    ];
    const images = await makeImages(folder, 1);
    const [each, all] = [join(folder, "each"), join(folder, "all")];
    await predictImages(images, { models, output: each, ...compute });
    await predictImages(images, { models: [join(folder, "folds")], output: all, ...compute });
    for (const name of ["case_0.nii.gz", "prediction.json"]) {
      assertEquals(await Deno.readFile(join(all, name)), await Deno.readFile(join(each, name)));
    }
    const bytes = await Deno.readFile(join(models[1], "weights.safetensors"));
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
    const record = JSON.parse(await Deno.readTextFile(join(all, "prediction.json")));
    assertEquals(record.models[1], `sha256:${digest}`);
    assertEquals(record.settings, {
      patchSize: [16, 16, 32],
      stepSize: 0.5,
      mirrorAxes: [2],
      aggregate: "logits",
      postprocessing: [],
    });
  }));

Deno.test("predictImages() refuses models that do not go together and ids that lead out of the folder", () =>
  withFolder(async (folder) => {
    const models = [
      await makeModel(join(folder, "a"), { seed: 1 }),
      await makeModel(join(folder, "b"), {
        seed: 1,
        plan: { normalization: [{ scheme: "none" }] },
      }),
    ];
    const output = join(folder, "masks");
    const run = (id: string) => predictImages([{ id, images: [] }], { models, output, ...compute });
    assertEquals(
      (await assertRejects(() => run("x"), RangeError)).message,
      `Cannot average the models in '${models[0]}' and '${
        models[1]
      }': expected the same labels and ` +
        "preprocessing, found plan.spacing: [1.5,1,1.2] -> nothing",
    );
    assertEquals(
      (await assertRejects(() => run("../x"), RangeError)).message,
      'Cannot segment images: expected names of their own that can name a mask, found "../x"',
    );
  }));
