import { assert, assertEquals } from "@std/assert";
import {
  createMaskPainter,
  preprocessCase,
  readNifti,
  restoreMask,
  writeNifti,
  writeZarr,
} from "@mednext/data";
import { createMedNeXt } from "@mednext/mednext";
import { predictVolume } from "@mednext/segment";
import { join } from "@std/path";
import { readMasksManifest } from "../artifacts/masks_folder.ts";
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
import { compute, makeImages, makeModel, withFolder } from "../testdata/models.ts";
import { predictImages } from "./predict_images.ts";

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
    const plan = { normalization: [{ scheme: "zscore" as const }, { scheme: "none" as const }] };
    const channelNames = ["T1", "T2"];
    const model = await makeModel(join(folder, "model"), { seed: 1, channelNames, plan });
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
