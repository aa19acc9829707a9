/**
 * Which inputs a network takes.
 * @module
 */

const MULTIPLE = 16;

/** What `checkInput` needs of a network's settings. */
export interface InputRequirements {
  /** Channels of the input. */
  inputChannels: number;
  /** Volumes or images. */
  dimensions: 2 | 3;
}

const nearest = (size: number): string => {
  const below = Math.floor(size / MULTIPLE) * MULTIPLE;
  return below > 0 ? `${below} or ${below + MULTIPLE}` : `${MULTIPLE}`;
};

/** Why the input cannot be taken; undefined where it can. */
function problemOf(shape: readonly number[], network: InputRequirements): string | undefined {
  const { inputChannels, dimensions } = network;
  const letters = dimensions === 3 ? "DHW" : "HW";
  if (shape.length !== dimensions + 2) {
    return `expected ${dimensions + 2} axes, found ${shape.length}`;
  }
  if (shape[dimensions + 1] !== inputChannels) {
    return `expected C to be ${inputChannels}, found ${shape[dimensions + 1]}`;
  }
  const axes = [...letters].map((letter, i) => ({ letter, size: shape[i + 1] }));
  const uneven = axes.filter(({ size }) => size < 1 || size % MULTIPLE !== 0)
    .map(({ letter, size }) => `${letter} is ${size} (nearest: ${nearest(size)})`);
  if (uneven.length > 0) return `expected multiples of ${MULTIPLE}, found ${uneven.join(", ")}`;
  if (axes.every(({ size }) => size === MULTIPLE)) {
    const sizes = axes.map(({ letter, size }) => `${letter} is ${size}`).join(", ");
    return `expected more than one voxel at 1/${MULTIPLE} of the resolution, found one, as ${sizes} ` +
      `(nearest: ${2 * MULTIPLE} along any axis)`;
  }
  return undefined;
}

/**
 * Refuses an input that the network cannot take, before any work is done.
 *
 * Four halvings and doublings must meet again at the skip connections, so every axis is a multiple of 16; the
 * normalisation at the bottleneck needs more than one voxel.
 *
 * @example
 * ```ts
 * import { checkInput } from "@mednext/mednext";
 * import { assertThrows } from "@std/assert";
 *
 * checkInput([1, 48, 64, 48, 1], { inputChannels: 1, dimensions: 3 });
 * assertThrows(
 *   () => checkInput([1, 40, 64, 48, 1], { inputChannels: 1, dimensions: 3 }),
 *   RangeError,
 *   "D is 40 (nearest: 32 or 48)",
 * );
 * ```
 * @param shape `[N, D, H, W, C]`, or `[N, H, W, C]` in 2-D.
 * @param network What the network takes.
 * @throws {RangeError} Names each axis that does not fit, its size and the nearest sizes that do.
 */
export function checkInput(shape: readonly number[], network: InputRequirements): void {
  const problem = problemOf(shape, network);
  if (problem === undefined) return;
  const order = network.dimensions === 3 ? "N, D, H, W, C" : "N, H, W, C";
  throw new RangeError(
    `Cannot run the network on an input of [${shape.join(", ")}] (${order}): ${problem}`,
  );
}
