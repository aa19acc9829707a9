/**
 * The class with the highest score of each voxel; of equal scores the lowest class.
 *
 * @example Two voxels, three classes
 * ```ts
 * import { argmaxMask } from "@mednext/segment";
 * import { assertEquals } from "@std/assert";
 *
 * const scores = Float32Array.of(0.1, 0.7, 0.2, 3, 1, 3);
 * assertEquals(argmaxMask(scores, 3), Uint8Array.of(1, 0));
 * ```
 *
 * @param scores Logits or probabilities, `[…, classes]` with the classes the fastest.
 * @param classes The number of classes, at most 256.
 * @returns One class per voxel.
 * @throws {RangeError} If the scores are no whole number of voxels or there are more than 256 classes.
 * @throws {Error} If a score is not a finite number.
 */
export function argmaxMask(scores: Float32Array, classes: number): Uint8Array {
  if (!Number.isInteger(classes) || classes < 1 || classes > 256) {
    throw new RangeError(
      `Cannot make a mask as classes must be an integer from 1 to 256: current value is ${classes}`,
    );
  }
  if (scores.length % classes !== 0) {
    throw new RangeError(
      `Cannot make a mask as the scores must be ${classes} per voxel: there are ${scores.length}`,
    );
  }
  const mask = new Uint8Array(scores.length / classes);
  for (let voxel = 0, at = 0; voxel < mask.length; voxel++) {
    let best = -Infinity;
    for (let c = 0; c < classes; c++, at++) {
      const score = scores[at];
      // Infinity minus itself is not zero either.
      if (score - score !== 0) {
        throw new Error(
          `Cannot make a mask as all scores must be finite: class ${c} of voxel ${voxel} has ${score}`,
        );
      }
      if (score > best) {
        best = score;
        mask[voxel] = c;
      }
    }
  }
  return mask;
}
