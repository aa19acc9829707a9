/** Settings of {@linkcode deepSupervisionWeights}. */
export interface DeepSupervisionWeightsOptions {
  /**
   * Whether the head of the lowest resolution does not count, as in nnU-Net; an only head always does.
   * @default {false}
   */
  dropLast?: boolean;
}

/**
 * How much each head counts in the loss: 1, 1/2, 1/4, … from the full resolution down, divided by their sum.
 *
 * MedNeXt keeps the head at the bottleneck, where nnU-Net drops the lowest resolution.
 *
 * Source: MIC-DKFZ/MedNeXt, `nnUNetTrainerV2_MedNeXt.py` (five outputs, sum 1.9375); nnU-Net v2,
 * `nnUNetTrainer._build_loss`.
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
 * @param options Whether the last one counts.
 * @returns One weight per head; they sum to 1.
 * @throws {RangeError} If `heads` is no positive integer.
 */
export function deepSupervisionWeights(
  heads: number,
  { dropLast = false }: DeepSupervisionWeightsOptions = {},
): number[] {
  if (!Number.isInteger(heads) || heads < 1) {
    throw new RangeError(
      `Cannot weight heads as their number must be a positive integer: current value is ${heads}`,
    );
  }
  const counted = dropLast && heads > 1 ? heads - 1 : heads;
  const halves = Array.from({ length: heads }, (_, head) => head < counted ? 2 ** -head : 0);
  const sum = halves.reduce((total, weight) => total + weight, 0);
  return halves.map((weight) => weight / sum);
}
