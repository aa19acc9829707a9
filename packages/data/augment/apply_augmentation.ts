import { copyFromBox } from "../crop/copy_box.ts";
import type { Patch } from "../patch_sampler.ts";
import type { Triple } from "../volume.ts";
import { changeContrast } from "./change_contrast.ts";
import { changeGamma } from "./change_gamma.ts";
import { centreStart } from "./centre_start.ts";
import type { Augmentation } from "./draw_augmentation.ts";
import { gaussianBlur } from "./gaussian_blur.ts";
import { gaussianNoise } from "./gaussian_noise.ts";
import { mirror } from "./mirror.ts";
import { scaleBrightness } from "./scale_brightness.ts";
import { simulateLowResolution } from "./simulate_low_resolution.ts";
import { type ImageAndLabel, transformPatch } from "./transform_patch.ts";

/** Options of {@linkcode applyAugmentation}. */
export interface ApplyAugmentationOptions {
  /** What is done. */
  augmentation: Augmentation;
  /** Number of voxels of the result along D, H, W. */
  patchSize: Triple;
  /** Channels that become 0 where the label is -1. @default {[]} */
  maskedChannels?: number[];
}

/**
 * Does to a patch what was drawn for it, in nnU-Net's order. See `augmentPatch`.
 *
 * @example
 * ```ts
 * import { applyAugmentation } from "@mednext/data/apply-augmentation";
 * import { assertEquals } from "@std/assert";
 *
 * const patch = {
 *   image: Float32Array.of(1, 2, 3),
 *   label: Int32Array.of(-1, 0, 1),
 *   shape: [1, 1, 3] as [number, number, number],
 *   channels: 1,
 * };
 * const { image, label } = applyAugmentation(patch, {
 *   augmentation: { brightness: [2], mirrorAxes: [2] },
 *   patchSize: [1, 1, 3],
 *   maskedChannels: [0],
 * });
 * assertEquals([...image], [6, 4, 0]);
 * assertEquals([...label], [1, 0, 0]);
 * ```
 *
 * @param patch Image, labels and their shape; not changed.
 * @param options What is done, and how the result is cut.
 * @returns Image and labels of `patchSize`.
 * @throws {RangeError} If the data do not have the shape.
 */
export function applyAugmentation(
  patch: Omit<Patch, "start">,
  options: ApplyAugmentationOptions,
): ImageAndLabel {
  const { augmentation, patchSize, maskedChannels = [] } = options;
  const { channels } = patch;
  const { image, label } = resize(patch, options);
  for (let channel = 0; channel < channels; channel++) {
    const values = changeIntensities(channelOf(image, channel, channels), {
      augmentation,
      shape: patchSize,
      channel,
    });
    const isMasked = maskedChannels.includes(channel);
    for (let i = 0; i < label.length; i++) {
      image[i * channels + channel] = isMasked && label[i] < 0 ? 0 : values[i];
    }
  }
  for (let i = 0; i < label.length; i++) if (label[i] < 0) label[i] = 0;
  const { mirrorAxes: axes } = augmentation;
  if (axes.length === 0) return { image, label };
  return {
    image: mirror(image, { shape: patchSize, channels, axes }),
    label: mirror(label, { shape: patchSize, axes }),
  };
}

/** The patch in its new size, in new arrays: transformed, or cut out of the middle. */
function resize(
  patch: Omit<Patch, "start">,
  { augmentation: { matrix }, patchSize }: ApplyAugmentationOptions,
): ImageAndLabel {
  const { image, label, shape, channels } = patch;
  const voxels = patchSize[0] * patchSize[1] * patchSize[2];
  if (matrix) return transformPatch(patch, { shape, newShape: patchSize, matrix, channels });
  const start = centreStart(shape, patchSize);
  const box = { start, stop: start.map((first, axis) => first + patchSize[axis]) as Triple };
  return {
    image: copyFromBox(image, new Float32Array(voxels * channels), { shape, box, channels }),
    label: copyFromBox(label, new Int32Array(voxels), { shape, box }),
  };
}

/** One channel of an image; not a copy if it is the only one. */
function channelOf(image: Float32Array, channel: number, channels: number): Float32Array {
  if (channels === 1) return image;
  const values = new Float32Array(image.length / channels);
  for (let i = 0; i < values.length; i++) values[i] = image[i * channels + channel];
  return values;
}

/** The changes of intensities that were drawn for a channel. */
function changeIntensities(
  image: Float32Array,
  { augmentation, shape, channel }: { augmentation: Augmentation; shape: Triple; channel: number },
): Float32Array {
  const { noise, blur, brightness, contrast, lowResolution, invertedGamma, gamma } = augmentation;
  const sigma = blur?.[channel], scale = lowResolution?.[channel];
  let values = image;
  if (noise) values = gaussianNoise(values, { sigma: noise.sigma, seed: noise.seeds[channel] });
  if (sigma) values = gaussianBlur(values, { shape, sigma });
  if (brightness) values = scaleBrightness(values, brightness[channel]);
  if (contrast) values = changeContrast(values, { factor: contrast[channel] });
  if (scale) values = simulateLowResolution(values, { shape, scale });
  if (invertedGamma) values = changeGamma(values, { gamma: invertedGamma[channel], invert: true });
  if (gamma) values = changeGamma(values, { gamma: gamma[channel] });
  return values;
}
