/**
 * Rotation and scaling of a patch.
 * @module
 */
import type { Triple } from "../volume.ts";
import { createVote, type Vote, winningLabel } from "./winning_label.ts";

/** An image and its labels on one grid. */
export interface ImageAndLabel {
  /** Voxels in C order over `[D, H, W, C]`. */
  image: Float32Array;
  /** Classes in C order over `[D, H, W]`. */
  label: Int32Array;
}

/** Options of {@linkcode transformPatch}. */
export interface TransformPatchOptions {
  /** Number of voxels of the patch along D, H, W. */
  shape: Triple;
  /** Number of voxels of the result along D, H, W. */
  newShape: Triple;
  /**
   * Nine numbers, row after row, that take a place in the result to one in the patch; both are in
   * voxels along D, H, W, counted from the centre.
   */
  matrix: readonly number[];
  /** Values in each voxel. @default {1} */
  channels?: number;
}

/**
 * Rotates and scales an image and its labels about their centre in one resampling.
 *
 * The image is interpolated linearly, 0 outside: PyTorch's `grid_sample` (`align_corners=False`,
 * `padding_mode="zeros"`) on the grid of batchgeneratorsv2's `SpatialTransform`. A voxel's label is
 * the one with the largest weight among the eight voxels around its place, where everything outside
 * is -1; equal weights go to the nearest voxel's label. This is the argmax of one linear resampling
 * for each label, as in `SpatialTransform`, and never invents a label; where the eight voxels agree
 * there is nothing to weigh.
 *
 * @example Half a voxel lies between two
 * ```ts
 * import { transformPatch } from "@mednext/data/transform-patch";
 * import { assertEquals } from "@std/assert";
 *
 * const { image, label } = transformPatch({
 *   image: Float32Array.of(2, 4, 8, 16),
 *   label: Int32Array.of(0, 0, 1, 1),
 * }, { shape: [1, 1, 4], newShape: [1, 1, 3], matrix: [1, 0, 0, 0, 1, 0, 0, 0, 1] });
 * assertEquals([...image], [3, 6, 12]);
 * assertEquals([...label], [0, 1, 1]);
 * ```
 *
 * @param patch Image and labels; not changed.
 * @param options Shapes, matrix and number of channels.
 * @returns Image and labels over `newShape`.
 * @throws {RangeError} If the data do not have the shape, or the matrix has not nine numbers.
 */
export function transformPatch(
  patch: ImageAndLabel,
  options: TransformPatchOptions,
): ImageAndLabel {
  const { shape, newShape, matrix, channels = 1 } = options;
  check(patch, options);
  const [depth, height, width] = newShape;
  const result: ImageAndLabel = {
    image: new Float32Array(depth * height * width * channels),
    label: new Int32Array(depth * height * width).fill(-1),
  };
  const source: Source = { ...padded(patch, shape, channels), channels, shape, vote: createVote() };
  const start: Triple = [0, 0, 0], step: Triple = [matrix[2], matrix[5], matrix[8]];
  for (let row = 0; row < depth * height; row++) {
    const dz = Math.floor(row / height) - (depth - 1) / 2, dy = row % height - (height - 1) / 2;
    const dx = -(width - 1) / 2;
    for (let axis = 0; axis < 3; axis++) {
      const [z, y, x] = [matrix[3 * axis], matrix[3 * axis + 1], matrix[3 * axis + 2]];
      start[axis] = z * dz + y * dy + x * dx + (shape[axis] + 1) / 2;
    }
    transformRow(source, result, { first: row * width, length: width, start, step });
  }
  return result;
}

/** A patch with a border of one voxel, so that each place inside has eight voxels around it. */
interface Source extends ImageAndLabel {
  channels: number;
  /** Without the border. */
  shape: Triple;
  vote: Vote;
}

/** A row of the result: its first voxel, where that lies in the padded source, and how far to the next. */
interface Row {
  first: number;
  length: number;
  start: Triple;
  step: Triple;
}

function transformRow(source: Source, result: ImageAndLabel, row: Row): void {
  const { image, label, channels, shape: [depth, height, width], vote } = source;
  const [startZ, startY, startX] = row.start, [stepZ, stepY, stepX] = row.step;
  const up = width + 2, deep = (height + 2) * up;
  for (let i = 0; i < row.length; i++) {
    const z = startZ + i * stepZ, y = startY + i * stepY, x = startX + i * stepX;
    if (!(z > 0 && z < depth + 1 && y > 0 && y < height + 1 && x > 0 && x < width + 1)) continue;
    const z0 = z | 0, y0 = y | 0, x0 = x | 0; // whole numbers, which V8 then keeps as such
    const fz = z - z0, fy = y - y0, fx = x - x0;
    const a = (Math.imul(z0, deep) + Math.imul(y0, up) + x0) | 0;
    const b = (a + up) | 0, c = (a + deep) | 0, d = (c + up) | 0;
    const to = row.first + i;
    for (let channel = 0; channel < channels; channel++) {
      const ai = Math.imul(a, channels) + channel, bi = Math.imul(b, channels) + channel;
      const ci = Math.imul(c, channels) + channel, di = Math.imul(d, channels) + channel;
      const va = image[ai] + fx * (image[ai + channels] - image[ai]);
      const vb = image[bi] + fx * (image[bi + channels] - image[bi]);
      const vc = image[ci] + fx * (image[ci + channels] - image[ci]);
      const vd = image[di] + fx * (image[di + channels] - image[di]);
      const low = va + fy * (vb - va), high = vc + fy * (vd - vc);
      result.image[to * channels + channel] = low + fz * (high - low);
    }
    const first = label[a];
    const agree = label[a + 1] === first && label[b] === first && label[b + 1] === first &&
      label[c] === first && label[c + 1] === first && label[d] === first && label[d + 1] === first;
    if (agree) {
      result.label[to] = first;
      continue;
    }
    vote.place[0] = z - 1, vote.place[1] = y - 1, vote.place[2] = x - 1;
    for (let corner = 0; corner < 8; corner++) {
      vote.labels[corner] =
        label[a + (corner & 1) + (corner & 2 ? up : 0) + (corner & 4 ? deep : 0)];
    }
    result.label[to] = winningLabel(vote);
  }
}

function padded(patch: ImageAndLabel, shape: Triple, channels: number): ImageAndLabel {
  const [depth, height, width] = shape;
  const up = width + 2, deep = (height + 2) * up;
  const image = new Float32Array((depth + 2) * deep * channels);
  const label = new Int32Array((depth + 2) * deep).fill(-1);
  for (let z = 0, from = 0; z < depth; z++) {
    for (let y = 0; y < height; y++, from += width) {
      const to = (z + 1) * deep + (y + 1) * up + 1;
      image.set(patch.image.subarray(from * channels, (from + width) * channels), to * channels);
      label.set(patch.label.subarray(from, from + width), to);
    }
  }
  return { image, label };
}

function check({ image, label }: ImageAndLabel, options: TransformPatchOptions): void {
  const { shape, matrix, channels = 1 } = options;
  const voxels = shape[0] * shape[1] * shape[2];
  if (image.length !== voxels * channels || label.length !== voxels) {
    throw new RangeError(
      `Cannot transform a patch of ${shape.join(" x ")} voxels: expected ${voxels * channels} ` +
        `values and ${voxels} labels, found ${image.length} and ${label.length}`,
    );
  }
  if (matrix.length !== 9) {
    throw new RangeError(
      `Cannot transform a patch: expected a matrix of 9 numbers, found ${matrix.length}`,
    );
  }
}
