import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { foregroundLocations } from "../foreground_locations.ts";
import { type SampledCase, samplePatch } from "../patch_sampler.ts";
import { randomStream } from "../random.ts";
import { sampleBatch } from "../sample_batch.ts";
import type { Triple } from "../volume.ts";
import { applyAugmentation } from "./apply_augmentation.ts";
import { augmentationRecipe } from "./augmentation_recipe.ts";
import { augmentPatch } from "./augment_patch.ts";
import { enlargedPatchSize } from "./enlarged_patch_size.ts";

const patchSize: Triple = [8, 10, 6];

/** A case whose second channel is its label, with a shell of -1 around it. */
function labelledCase(): SampledCase {
  const shape: Triple = [20, 14, 16];
  const label = Int16Array.from({ length: 20 * 14 * 16 }, (_, i) => {
    const place = [Math.floor(i / 224), Math.floor(i / 16) % 14, i % 16];
    const far = Math.hypot(...place.map((value, axis) => 2 * value / (shape[axis] - 1) - 1));
    return far > 1.1 ? -1 : far > 0.6 ? 0 : far > 0.3 ? 1 : 2;
  });
  const image = Float32Array.from({ length: 2 * label.length }, (_, i) => {
    return i % 2 === 0 ? Math.sin(i) + 5 : label[i >> 1];
  });
  return { image, label, shape, channels: 2, foreground: foregroundLocations(label) };
}

Deno.test("augmentPatch() is the same for one seed, step and sample, and for no other", () => {
  const recipe = augmentationRecipe("nnunet", { patchSize });
  const stream = randomStream(1);
  const enlargedSize = enlargedPatchSize(patchSize, recipe);
  const patch = samplePatch(labelledCase(), { patchSize, enlargedSize, stream });
  const key = { seed: 1, step: 2, sample: 1 };
  const first = augmentPatch(patch, { recipe, patchSize, ...key });
  assertEquals(augmentPatch(patch, { recipe, patchSize, ...key }), first);
  assertEquals([first.image.length, first.label.length], [960, 480]);
  for (const other of [{ ...key, seed: 2 }, { ...key, step: 3 }, { ...key, sample: 0 }]) {
    assertNotEquals(augmentPatch(patch, { recipe, patchSize, ...other }), first);
  }
});

Deno.test("augmentPatch() moves image and label together", () => {
  const always = { probability: 1 };
  const transforms = { rotation: always, scaling: always };
  const recipe = augmentationRecipe("mirror", { patchSize, transforms });
  const enlargedSize = enlargedPatchSize(patchSize, recipe);
  let compared = 0;
  for (let step = 0; step < 20; step++) {
    const stream = randomStream(step);
    const patch = samplePatch(labelledCase(), { patchSize, enlargedSize, stream });
    const { image, label } = augmentPatch(patch, { recipe, patchSize, seed: 1, step, sample: 0 });
    label.forEach((value, i) => {
      // Where the second channel is a whole label, all eight voxels around the place had that label.
      const shown = image[2 * i + 1];
      if (value === 0 || Math.abs(shown - Math.round(shown)) > 1e-6 || image[2 * i] < 3.5) return;
      assertEquals(value, Math.round(shown));
      compared++;
    });
  }
  assert(compared > 500, `${compared} voxels`);
});

Deno.test("applyAugmentation() empties masked channels outside of the mask, and no others", () => {
  const shape: Triple = [1, 2, 2];
  const patch = {
    image: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    label: Int32Array.of(-1, 0, 1, -1),
    shape,
    channels: 2,
  };
  const augmentation = { brightness: [2, 3], mirrorAxes: [2] };
  const result = applyAugmentation(patch, {
    augmentation,
    patchSize: shape,
    maskedChannels: [1],
  });
  assertEquals([...result.image], [6, 12, 2, 0, 14, 0, 10, 18]);
  assertEquals([...result.label], [0, 0, 0, 1]);
  assertEquals([...patch.label], [-1, 0, 1, -1]);
});

Deno.test("sampleBatch() gives what samplePatch() and augmentPatch() give", async () => {
  const source = labelledCase();
  const cases = { ids: ["a", "b"], load: () => source };
  const recipe = augmentationRecipe("nnunet", { patchSize });
  const enlargedSize = enlargedPatchSize(patchSize, recipe);
  for (let step = 0; step < 12; step++) {
    const options = { seed: 3, step, batchSize: 2, patchSize, maskedChannels: [0] };
    const batch = await sampleBatch(cases, { ...options, augmentation: "nnunet" });
    for (const sample of [0, 1]) {
      const stream = randomStream(3, "batch", step, sample);
      stream.integer(2);
      const forceForeground = sample === 1;
      const patch = samplePatch(source, { patchSize, enlargedSize, stream, forceForeground });
      const { image, label } = augmentPatch(patch, { ...options, recipe, sample });
      assertEquals(batch.images.subarray(960 * sample, 960 * (sample + 1)), image);
      assertEquals(batch.labels.subarray(480 * sample, 480 * (sample + 1)), label);
    }
  }
});
