import { type Connectivity, keepLargestComponent } from "./keep_largest_component.ts";

/** One step of a post-processing. */
export interface PostprocessingStep {
  /** What is done; see {@linkcode keepLargestComponent}. */
  operation: "keep-largest-component";
  /** What the values are, such as `"all foreground"` or the name of a label; for people. */
  name: string;
  /** The label values that are taken as one mask. */
  values: number[];
  /** Which voxels are neighbours: those that share a face (6), an edge too (18), or a corner too (26). */
  connectivity: Connectivity;
}

/** Options of {@linkcode applyPostprocessing}. */
export interface ApplyPostprocessingOptions {
  /** Voxels along D, H, W. */
  shape: readonly [number, number, number];
}

/**
 * Applies the steps of a post-processing to a label map, one after the other.
 *
 * Source: nnU-Net v2, `postprocessing/remove_connected_components.py`, `apply_postprocessing`.
 *
 * @example
 * ```ts
 * import { applyPostprocessing } from "@mednext/segment/apply-postprocessing";
 * import { assertEquals } from "@std/assert";
 *
 * const operation = "keep-largest-component" as const;
 * const labels = Uint8Array.of(1, 2, 2, 0, 1, 1, 0, 2);
 * const cleaned = applyPostprocessing(labels, [
 *   { operation, name: "all foreground", values: [1, 2], connectivity: 26 },
 *   { operation, name: "core", values: [2], connectivity: 26 },
 * ], { shape: [1, 1, 8] });
 * assertEquals(cleaned, Uint8Array.of(1, 2, 2, 0, 0, 0, 0, 0));
 * ```
 *
 * @param labels Label map `[D, H, W]` in C order; it is not changed.
 * @param steps The steps, in order.
 * @param options The shape.
 * @returns A label map of the same type; the given one if there are no steps.
 * @throws {RangeError} If the map does not fill its shape, or a connectivity is not known.
 */
export function applyPostprocessing<
  T extends Uint8Array | Uint16Array | Int16Array | Int32Array | Float32Array,
>(labels: T, steps: readonly PostprocessingStep[], options: ApplyPostprocessingOptions): T {
  return steps.reduce(
    (map, { values, connectivity }) =>
      keepLargestComponent(map, { shape: options.shape, values, connectivity }),
    labels,
  );
}
