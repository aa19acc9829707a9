import type { RandomStream } from "../random.ts";

/**
 * Chooses the axes that an augmented patch is mirrored along: each with probability one half.
 *
 * @example
 * ```ts
 * import { randomMirrorAxes } from "@mednext/data/random-mirror-axes";
 * import { randomStream } from "@mednext/data/random";
 * import { assert } from "@std/assert";
 *
 * const axes = randomMirrorAxes([0, 2], randomStream(1));
 * assert(axes.every((axis) => axis === 0 || axis === 2));
 * ```
 *
 * @param axes Axes that may be mirrored: 0 is D, 1 is H, 2 is W.
 * @param stream Gives one number for each axis.
 * @returns The axes chosen, in the same order.
 */
export function randomMirrorAxes(axes: number[], stream: RandomStream): number[] {
  return axes.filter(() => stream.uniform() < 0.5);
}
