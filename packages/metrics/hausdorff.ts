import type { HausdorffConvention } from "./conventions.ts";
import { emptyRow } from "./empty_rule.ts";
import type { EmptyOption } from "./empty_rule.ts";
import type { Grid } from "./grid.ts";
import { checkPercentile } from "./internal/check.ts";
import { elementsOf, hausdorffFrom } from "./internal/from_distances.ts";
import { emptyValue, surfacePair } from "./internal/mask_pair.ts";
import type { MaskArray } from "./mask_array.ts";
import type { MetricResult } from "./metric_result.ts";

/** Options of {@linkcode hausdorff} and `hausdorff95`. */
export interface HausdorffOptions extends Grid {
  /** Whose definition to follow; there is no default, as they give different numbers. */
  convention: HausdorffConvention;
  /**
   * The percentile, from 0 to 100; 100 is the Hausdorff distance itself. `hausdorff95` is always at 95.
   *
   * @default {100}
   */
  percentile?: number;
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
 * The Hausdorff distance at a percentile: how far apart, in millimetres, all but the worst part of two
 * surfaces are.
 *
 * @example Two voxels, two steps of 1.5 mm apart
 * ```ts
 * import { hausdorff } from "@mednext/metrics";
 * import { assertEquals } from "@std/assert";
 *
 * const { value } = hausdorff(new Uint8Array([1, 0, 0]), new Uint8Array([0, 0, 1]), {
 *   shape: [1, 1, 3],
 *   spacing: [1, 1, 1.5],
 *   convention: "deepmind",
 * });
 * assertEquals(value, 3);
 * ```
 *
 * @param reference The reference mask or label map, `[D, H, W]`, C order.
 * @param prediction The predicted one, on the same grid.
 * @param options Grid (D, H, W; millimetres), convention, percentile, rule for empty masks, label values.
 * @returns The distance in millimetres with its convention and percentile.
 * @throws {RangeError} If the grid, the percentile or an option is not valid, a mask does not fill the grid,
 * a voxel is `NaN`, or a mask is empty and the convention has no value for it.
 */
export function hausdorff(
  reference: MaskArray,
  prediction: MaskArray,
  options: HausdorffOptions,
): MetricResult {
  const { shape, spacing, convention, percentile = 100, empty: rule = "convention", labels } =
    options;
  const what = "compute hausdorff";
  emptyRow("hausdorff", convention, { empty: rule });
  checkPercentile(percentile, what);
  const pair = surfacePair(reference, prediction, { shape, spacing, labels, what });
  const named = { metric: "hausdorff", convention, percentile } as const;
  if (pair.empty !== undefined) {
    const value = emptyValue("hausdorff", convention, { empty: pair.empty, rule, what });
    return { ...named, value, empty: pair.empty };
  }
  const distances = pair.distances(elementsOf(convention));
  return { ...named, value: hausdorffFrom(distances, convention, percentile) };
}
