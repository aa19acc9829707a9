/**
 * Cutting away the empty border of an image.
 * @module
 */
import type { Box } from "./crop/box.ts";
import { boxShape, copyFromBox } from "./crop/copy_box.ts";
import { fillHoles } from "./crop/fill_holes.ts";
import type { Triple } from "./volume.ts";

/** Options of {@linkcode cropToNonzero}. */
export interface CropToNonzeroOptions {
  /** The shape `[D, H, W]` of the image. */
  shape: Triple;
  /** Values in each voxel. @default {1} */
  channels?: number;
  /** Labels over `[D, H, W]`, to be cropped with the image. @default {undefined} */
  label?: Int16Array;
}

/** What {@linkcode cropToNonzero} leaves. */
export interface NonzeroCrop {
  /** The image inside the box, over `[D, H, W, channels]`. */
  image: Float32Array;
  /**
   * The labels inside the box: -1 where the label is 0 and the image is empty. Without labels
   * given, 0 and -1 alone.
   */
  label: Int16Array;
  /** Where the box lies in the image. */
  box: Box;
  /** The shape of the box. */
  shape: Triple;
}

/**
 * Crops an image to the box around everything that is not 0.
 *
 * A voxel counts if any of its channels differs from 0, or if it lies in a hole of such voxels
 * (nnU-Net `preprocessing/cropping/cropping.py`). An image of zeros alone is left whole.
 *
 * @example
 * ```ts
 * import { cropToNonzero } from "@mednext/data/crop-to-nonzero";
 * import { assertEquals } from "@std/assert";
 *
 * const image = Float32Array.of(0, 0, 5, 6, 0);
 * const crop = cropToNonzero(image, { shape: [1, 1, 5] });
 * assertEquals(crop.box, { start: [0, 0, 2], stop: [1, 1, 4] });
 * assertEquals([...crop.image], [5, 6]);
 * ```
 *
 * @param image Voxels in C order over `[D, H, W, channels]`; not changed.
 * @param options Shape, channels and labels.
 * @returns The cropped image and labels, and the box.
 * @throws {RangeError} If the image or the labels do not have the shape.
 */
export function cropToNonzero(image: Float32Array, options: CropToNonzeroOptions): NonzeroCrop {
  const { shape, channels = 1, label } = options;
  const voxels = shape[0] * shape[1] * shape[2];
  for (
    const [name, found, expected] of [
      ["image", image.length, voxels * channels],
      ["label", label?.length ?? voxels, voxels],
    ]
  ) {
    if (found !== expected) {
      throw new RangeError(
        `Cannot crop to nonzero: the ${name} must hold ${expected} values, found ${found}`,
      );
    }
  }
  const mask = nonzeroMask(image, voxels, channels);
  fillHoles(mask, shape);
  const box = boundingBox(mask, shape);
  const size = boxShape(box), count = size[0] * size[1] * size[2];
  const inside = copyFromBox(mask, new Uint8Array(count), { shape, box });
  const croppedLabel = new Int16Array(count);
  if (label) copyFromBox(label, croppedLabel, { shape, box });
  for (let i = 0; i < count; i++) {
    if (inside[i] === 0 && croppedLabel[i] === 0) croppedLabel[i] = -1;
  }
  return {
    image: copyFromBox(image, new Float32Array(count * channels), { shape, box, channels }),
    label: croppedLabel,
    box,
    shape: size,
  };
}

function nonzeroMask(image: Float32Array, voxels: number, channels: number): Uint8Array {
  const mask = new Uint8Array(voxels);
  for (let i = 0; i < image.length; i++) {
    if (image[i] !== 0) mask[channels === 1 ? i : Math.floor(i / channels)] = 1;
  }
  return mask;
}

function boundingBox(mask: Uint8Array, shape: Triple): Box {
  const start: Triple = [...shape], stop: Triple = [0, 0, 0];
  for (let z = 0; z < shape[0]; z++) {
    for (let y = 0; y < shape[1]; y++) {
      const from = (z * shape[1] + y) * shape[2];
      const row = mask.subarray(from, from + shape[2]);
      const first = row.indexOf(1);
      if (first < 0) continue;
      start[0] = Math.min(start[0], z);
      start[1] = Math.min(start[1], y);
      start[2] = Math.min(start[2], first);
      stop[0] = Math.max(stop[0], z + 1);
      stop[1] = Math.max(stop[1], y + 1);
      stop[2] = Math.max(stop[2], row.lastIndexOf(1) + 1);
    }
  }
  return stop[0] === 0 ? { start: [0, 0, 0], stop: [...shape] } : { start, stop };
}
