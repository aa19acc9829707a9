import type { DiceConvention } from "./conventions.ts";
import { emptyRow } from "./empty_rule.ts";
import type { EmptyOption } from "./empty_rule.ts";
import { checkSameLength } from "./internal/check.ts";
import { emptyValue, maskPair } from "./internal/mask_pair.ts";
import type { MaskArray } from "./mask_array.ts";
import type { MetricResult } from "./metric_result.ts";

/** Options of {@linkcode dice}. */
export interface DiceOptions {
  /**
   * Whose rule for empty masks to follow; the formula is the same for all.
   *
   * @default {"nnunet"}
   */
  convention?: DiceConvention;
  /**
   * A rule for empty masks to take instead of the convention's.
   *
   * @default {"convention"}
   */
  empty?: EmptyOption;
  /**
   * The label values that make the mask.
   *
   * @default {undefined} (everything that is not 0)
   */
  labels?: readonly number[];
}

/**
 * The Dice coefficient of two masks, 2|A∩B| / (|A| + |B|).
 *
 * @example Two of three voxels in common
 * ```ts
 * import { dice } from "@mednext/metrics";
 * import { assertEquals } from "@std/assert";
 *
 * const result = dice(new Uint8Array([1, 1, 1, 0]), new Uint8Array([0, 1, 1, 1]));
 * assertEquals(result, { metric: "dice", convention: "nnunet", value: 2 / 3 });
 * ```
 *
 * @param reference The reference mask or label map.
 * @param prediction The predicted one, on the same grid.
 * @param options Convention, rule for empty masks and label values.
 * @returns The value, from 0 to 1, with its convention.
 * @throws {RangeError} If the masks differ in length, a voxel is `NaN`, or an option is not known.
 */
export function dice(
  reference: MaskArray,
  prediction: MaskArray,
  options: DiceOptions = {},
): MetricResult {
  const { convention = "nnunet", empty: rule = "convention", labels } = options;
  const what = "compute dice";
  emptyRow("dice", convention, { empty: rule });
  checkSameLength(reference, prediction, what);
  const pair = maskPair(reference, prediction, { what, labels });
  if (pair.empty !== undefined) {
    const value = emptyValue("dice", convention, { empty: pair.empty, rule, what });
    return { metric: "dice", convention, value, empty: pair.empty };
  }
  const value = 2 * pair.intersection / (pair.reference + pair.prediction);
  return { metric: "dice", convention, value };
}
