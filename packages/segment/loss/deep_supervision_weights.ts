/**
 * How much each head counts in the loss: 1, 1/2, 1/4, … from the full resolution down, divided by their sum.
 *
 * MedNeXt keeps the head at the bottleneck, where nnU-Net drops the lowest resolution.
 *
 * Source: MIC-DKFZ/MedNeXt, `nnUNetTrainerV2_MedNeXt.py` (five outputs, sum 1.9375).
 *
 * @example Five heads
 * ```ts
 * import { deepSupervisionWeights } from "@mednext/segment";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const weights = deepSupervisionWeights(5);
 * assertAlmostEquals(weights[0], 1 / 1.9375);
 * assertAlmostEquals(weights[4], 1 / 16 / 1.9375);
 * ```
 *
 * @param heads The number of heads.
 * @returns One weight per head; they sum to 1.
 * @throws {RangeError} If `heads` is no positive integer.
 */
export function deepSupervisionWeights(heads: number): number[] {
  if (!Number.isInteger(heads) || heads < 1) {
    throw new RangeError(
      `Cannot weight heads as their number must be a positive integer: current value is ${heads}`,
    );
  }
  const halves = Array.from({ length: heads }, (_, head) => 2 ** -head);
  const sum = halves.reduce((total, weight) => total + weight, 0);
  return halves.map((weight) => weight / sum);
}
