import { assert, assertEquals, assertRejects } from "@std/assert";
import { readNifti } from "@mednext/data";
import { join } from "@std/path";
import { readMasksManifest } from "../artifacts/masks_folder.ts";
import { writePostprocessing } from "../artifacts/postprocessing_folder.ts";
import { compute, makeImages, makeModel, withFolder } from "../testdata/models.ts";
import { predictImages } from "./predict_images.ts";

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

    assertEquals(await run("none", { postprocessing: false }), plain);

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
    const single = {
      models: [models[0]],
      output,
      patchSize: [16, 16, 16] as [number, number, number],
    };
    assertEquals(
      (await assertRejects(() => predictImages([], { ...single, ...compute }), RangeError)).message,
      "Cannot run the network on an input of [1, 16, 16, 16, 1] (N, D, H, W, C): expected more than one " +
        "voxel at 1/16 of the resolution, found one, as D is 16, H is 16, W is 16 (nearest: 32 along any axis)",
    );
    assertEquals(
      (await assertRejects(() => run("../x"), RangeError)).message,
      'Cannot segment images: expected names of their own that can name a mask, found "../x"',
    );
  }));
