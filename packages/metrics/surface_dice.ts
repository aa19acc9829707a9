import type { SurfaceDiceConvention } from "./conventions.ts";
import { emptyRow } from "./empty_rule.ts";
import type { EmptyOption } from "./empty_rule.ts";
import type { Grid } from "./grid.ts";
import { checkTolerance } from "./internal/check.ts";
import { elementsOf, surfaceDiceFrom } from "./internal/from_distances.ts";
import { emptyValue, surfacePair } from "./internal/mask_pair.ts";
import type { MaskArray } from "./mask_array.ts";
import type { MetricResult } from "./metric_result.ts";

/** Options of {@linkcode surfaceDice}. */
export interface SurfaceDiceOptions extends Grid {
  /** Whose definition to follow; there is no default, as they give different numbers. */
  convention: SurfaceDiceConvention;
  /** How far apart surfaces may be, in millimetres, to count as matching; inclusive. */
  tolerance: number;
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
 * The surface Dice at a tolerance, also called normalised surface distance (NSD) or SDC: the part of both
 * surfaces that lies within the tolerance of the other one (Nikolov et al., arXiv 1809.04430).
 *
 * @example A prediction that is one voxel off, at 1 mm
 * ```ts
 * import { surfaceDice } from "@mednext/metrics";
 * import { assertEquals } from "@std/assert";
 *
 * const result = surfaceDice(new Uint8Array([0, 1, 0, 0]), new Uint8Array([0, 0, 1, 0]), {
 *   shape: [1, 1, 4],
 *   spacing: [1, 1, 1],
 *   convention: "deepmind",
 *   tolerance: 1,
 * });
 * assertEquals(result, { metric: "nsd", convention: "deepmind", tolerance: 1, value: 1 });
 * ```
 *
 * @param reference The reference mask or label map, `[D, H, W]`, C order.
 * @param prediction The predicted one, on the same grid.
 * @param options Grid (D, H, W; millimetres), convention, tolerance, rule for empty masks, label values.
 * @returns The value, from 0 to 1, with its convention and tolerance.
 * @throws {RangeError} If the grid, the tolerance or an option is not valid, a mask does not fill the grid, a
 * voxel is `NaN`, or a mask is empty and the convention has no value for it.
 */
export function surfaceDice(
  reference: MaskArray,
  prediction: MaskArray,
  options: SurfaceDiceOptions,
): MetricResult {
  const { shape, spacing, convention, tolerance, empty: rule = "convention", labels } = options;
  const what = "compute nsd";
  emptyRow("nsd", convention, { empty: rule });
  checkTolerance(tolerance, what);
  const pair = surfacePair(reference, prediction, { shape, spacing, labels, what });
  const named = { metric: "nsd", convention, tolerance } as const;
  if (pair.empty !== undefined) {
    const value = emptyValue("nsd", convention, { empty: pair.empty, rule, what });
    return { ...named, value, empty: pair.empty };
  }
  const distances = pair.distances(elementsOf(convention));
  return { ...named, value: surfaceDiceFrom(distances, convention, tolerance) };
}
