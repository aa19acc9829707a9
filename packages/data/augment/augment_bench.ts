import type { Patch } from "../patch_sampler.ts";
import type { Triple } from "../volume.ts";
import { applyAugmentation } from "./apply_augmentation.ts";
import { augmentationRecipe, type TransformName } from "./augmentation_recipe.ts";
import { drawAugmentation } from "./draw_augmentation.ts";
import { enlargedPatchSize } from "./enlarged_patch_size.ts";
import { augmentPatch } from "./augment_patch.ts";

const SIZES: Triple[] = [[48, 64, 48], [128, 128, 128]];
const NAMES: TransformName[] = [
  "rotation",
  "noise",
  "blur",
  "brightness",
  "contrast",
  "lowResolution",
  "invertedGamma",
  "gamma",
];

/** A ball of label 1 in waves of intensity. */
function ball(shape: Triple): Omit<Patch, "start"> {
  const [depth, height, width] = shape;
  const image = new Float32Array(depth * height * width);
  const label = new Int32Array(image.length);
  for (let i = 0; i < image.length; i++) {
    const x = i % width, y = Math.floor(i / width) % height, z = Math.floor(i / width / height);
    image[i] = Math.sin(x / 3) + Math.cos(y / 5) + Math.sin(z / 4);
    const place = [z / depth, y / height, x / width];
    label[i] = Math.hypot(...place.map((part) => part - 0.5)) < 0.25 ? 1 : 0;
  }
  return { image, label, shape, channels: 1 };
}

for (const patchSize of SIZES) {
  const size = patchSize.join("x");
  const nnunet = augmentationRecipe("nnunet", { patchSize });
  const enlarged = ball(enlargedPatchSize(patchSize, nnunet)), patch = ball(patchSize);
  let step = 0;
  Deno.bench(`augmentPatch() as nnU-Net, on average, ${size}`, { group: size }, () => {
    augmentPatch(enlarged, { recipe: nnunet, patchSize, seed: 1, step: step++, sample: 0 });
  });
  Deno.bench(`nothing but the cut, ${size}`, { group: size }, () => {
    applyAugmentation(patch, { augmentation: { mirrorAxes: [] }, patchSize });
  });
  Deno.bench(`mirrorAxes, ${size}`, { group: size }, () => {
    applyAugmentation(patch, { augmentation: { mirrorAxes: [0, 1, 2] }, patchSize });
  });
  for (const name of NAMES) {
    const always = { probability: 1, channelProbability: 1 };
    const recipe = augmentationRecipe("none", { patchSize, transforms: { [name]: always } });
    const augmentation = drawAugmentation(recipe, { seed: 1, step: 0, sample: 0, channels: 1 });
    const source = name === "rotation" ? enlarged : patch;
    Deno.bench(`${name}, ${size}`, { group: size }, () => {
      applyAugmentation(source, { augmentation, patchSize });
    });
  }
}
