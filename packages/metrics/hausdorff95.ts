import { hausdorff } from "./hausdorff.ts";
import type { HausdorffOptions } from "./hausdorff.ts";
import type { MaskArray } from "./mask_array.ts";
import type { MetricResult } from "./metric_result.ts";

/**
 * The 95th percentile Hausdorff distance (HD95), in millimetres.
 *
 * @example
 * ```ts
 * import { hausdorff95 } from "@mednext/metrics";
 * import { assertEquals } from "@std/assert";
 *
 * const result = hausdorff95(new Uint8Array([1, 0, 0]), new Uint8Array([0, 0, 1]), {
 *   shape: [1, 1, 3],
 *   spacing: [1, 1, 1],
 *   convention: "medpy",
 * });
 * assertEquals(result, { metric: "hd95", convention: "medpy", percentile: 95, value: 2 });
 * ```
 *
 * @param reference The reference mask or label map, `[D, H, W]`, C order.
 * @param prediction The predicted one, on the same grid.
 * @param options As for `hausdorff`, without the percentile.
 * @returns The distance in millimetres with its convention.
 * @throws {RangeError} As `hausdorff`.
 */
export function hausdorff95(
  reference: MaskArray,
  prediction: MaskArray,
  options: Omit<HausdorffOptions, "percentile">,
): MetricResult {
  return { ...hausdorff(reference, prediction, { ...options, percentile: 95 }), metric: "hd95" };
}
