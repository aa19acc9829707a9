import { assertEquals } from "@std/assert";
import { writeZarr } from "@mednext/data";
import { join } from "@std/path";
import { makeCase } from "../testdata/dataset.ts";
import { compute, makeImages, makeModel, withFolder } from "../testdata/models.ts";
import { predictApart } from "./predict_apart.ts";
import { predictImages, type PredictImagesOptions } from "./predict_images.ts";

/** Options that keep what is told: how an image begins, how it ends, and notes. */
function listening(): { heard: string[] } & Partial<PredictImagesOptions> {
  const heard: string[] = [];
  return {
    heard,
    onProgress: ({ id, index, patches }) => patches > 0 || heard.push(`${index} ${id}`),
    onImage: ({ id, error }) => heard.push(`${id}: ${error?.name ?? "done"}`),
    onNote: (line) => heard.push(line),
  };
}

Deno.test("predictApart() gives and tells what predictImages() does", () =>
  withFolder(async (folder) => {
    const models = [await makeModel(join(folder, "model"), { seed: 1 })];
    const images = await makeImages(folder, 2);
    await Deno.writeTextFile(join(folder, "bad.nii"), "no image");
    images.splice(1, 0, { id: "bad", images: [join(folder, "bad.nii")] });
    const ways = [predictImages, predictApart];
    const [here, apart] = await Promise.all(ways.map(async (predict, way) => {
      const { heard, ...on } = listening();
      const output = join(folder, `masks_${way}`);
      const result = await predict(images, { models, output, ...compute, ...on });
      const masks = images.filter(({ id }) => id !== "bad")
        .map(({ id }) => Deno.readFile(join(output, `${id}.nii.gz`)));
      return { result, heard, masks: await Promise.all(masks) };
    }));
    assertEquals(apart.heard, here.heard);
    assertEquals(apart.masks, here.masks);
    assertEquals(apart.result.segmented, ["case_0", "case_1"]);
    const failures = [here, apart].map(({ result }) =>
      result.failed.map(({ id, error }) => [id, error.name, error.message])
    );
    assertEquals(failures[1], failures[0]);
  }));

Deno.test("predictApart() throws what keeps all images from a mask", () =>
  withFolder(async (folder) => {
    const images = await makeImages(folder, 1);
    const options = { models: [join(folder, "none")], output: join(folder, "masks"), ...compute };
    const messages = await Promise.all(
      [predictImages, predictApart].map((predict) =>
        predict(images, options).then(() => "none", ({ name, message }) => `${name}: ${message}`)
      ),
    );
    assertEquals(messages[1], messages[0]);
    assertEquals(messages[0].startsWith("Error: Cannot "), true);
  }));

Deno.test("predictApart() stays in this process for Zarr, whose codecs are WebAssembly", () =>
  withFolder(async (folder) => {
    const models = [await makeModel(join(folder, "model"), { seed: 1 })];
    const { data, shape } = makeCase(0).image;
    const path = join(folder, "scan.zarr");
    await writeZarr(path, { attributes: {}, arrays: { image: { data, shape } } });
    const { heard, ...on } = listening();
    const options = { models, output: join(folder, "masks"), ...compute, ...on };
    const images = [{ id: "scan", images: [join(path, "image")] }];
    assertEquals((await predictApart(images, options)).segmented, ["scan"]);
    assertEquals(
      heard[0],
      "computing in this process, which takes twice as long: not all images are NIfTI files",
    );
  }));
