/** Settings of {@linkcode slidingWindowSteps}. */
export interface SlidingWindowStepsOptions {
  /**
   * The largest step as a fraction of the patch, in (0, 1].
   * @default {0.5}
   */
  stepSize?: number;
}

/**
 * Where the patches of a sliding window start, for each axis.
 *
 * The patches cover the image from edge to edge at even distances of at most `stepSize` times the
 * patch. Positions are rounded half to even, as NumPy does. An axis shorter than the patch has the one
 * position 0: the caller pads it.
 *
 * Source: nnU-Net v2, `inference/sliding_window_prediction.py`, `compute_steps_for_sliding_window`.
 *
 * @example Three patches of 64 in 110 voxels
 * ```ts
 * import { slidingWindowSteps } from "@mednext/segment";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(slidingWindowSteps([110], [64], { stepSize: 0.5 }), [[0, 23, 46]]);
 * ```
 *
 * @param imageSize Voxels along each axis.
 * @param patchSize Voxels of the patch along each axis, in the same order.
 * @param options How far apart the patches may be.
 * @returns One ascending list of first voxels per axis.
 * @throws {RangeError} If a size is no positive integer, the ranks differ or the step is not in (0, 1].
 */
export function slidingWindowSteps(
  imageSize: readonly number[],
  patchSize: readonly number[],
  options: SlidingWindowStepsOptions = {},
): number[][] {
  const { stepSize = 0.5 } = options;
  checkSizes(imageSize, patchSize);
  if (!(stepSize > 0 && stepSize <= 1)) {
    throw new RangeError(
      `Cannot place patches as stepSize must be in (0, 1]: current value is ${stepSize}`,
    );
  }
  return imageSize.map((size, axis) => {
    const room = Math.max(0, size - patchSize[axis]);
    const count = Math.ceil(room / (patchSize[axis] * stepSize)) + 1;
    const step = count > 1 ? room / (count - 1) : 0;
    return Array.from({ length: count }, (_, index) => roundHalfToEven(step * index));
  });
}

function checkSizes(imageSize: readonly number[], patchSize: readonly number[]): void {
  if (imageSize.length !== patchSize.length) {
    throw new RangeError(
      `Cannot place patches as image and patch must have the same number of axes: the image is [${
        imageSize.join(", ")
      }], the patch [${patchSize.join(", ")}]`,
    );
  }
  for (const [name, sizes] of [["imageSize", imageSize], ["patchSize", patchSize]] as const) {
    if (sizes.length === 0 || sizes.some((size) => !Number.isInteger(size) || size < 1)) {
      throw new RangeError(
        `Cannot place patches as ${name} must be positive integers: current value is [${
          sizes.join(", ")
        }]`,
      );
    }
  }
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
