import { checkMaskShape } from "./check_mask_shape.ts";
import { type Connectivity, findRuns } from "./runs.ts";

export type { Connectivity };

/** Options of {@linkcode keepLargestComponent}. */
export interface KeepLargestComponentOptions {
  /** Voxels along D, H, W. */
  shape: readonly [number, number, number];
  /** The label values that make the mask together. */
  values: readonly number[];
  /**
   * Which voxels are neighbours: those that share a face (6), an edge too (18), or a corner too (26).
   * @default {26}
   */
  connectivity?: Connectivity;
}

/**
 * Sets the voxels of a label, or of several taken as one, to background unless they belong to its
 * largest connected component. Components of equal size are all kept.
 *
 * Source: nnU-Net v2, `postprocessing/remove_connected_components.py`,
 * `remove_all_but_largest_component_from_segmentation`, whose neighbours are all 26.
 *
 * @example The two voxels on the left are more than the one on the right
 * ```ts
 * import { keepLargestComponent } from "@mednext/segment/keep-largest-component";
 * import { assertEquals } from "@std/assert";
 *
 * const labels = Uint8Array.of(1, 2, 0, 1, 0);
 * const shape = [1, 1, 5] as const;
 * assertEquals(keepLargestComponent(labels, { shape, values: [1, 2] }), Uint8Array.of(1, 2, 0, 0, 0));
 * assertEquals(keepLargestComponent(labels, { shape, values: [1] }), labels); // a tie
 * ```
 *
 * @param labels Label map `[D, H, W]` in C order; it is not changed.
 * @param options Shape, label values and connectivity.
 * @returns A label map of the same type.
 * @throws {RangeError} If the map does not fill its shape, or the connectivity is not known.
 */
export function keepLargestComponent<
  T extends Uint8Array | Uint16Array | Int16Array | Int32Array | Float32Array,
>(labels: T, options: KeepLargestComponentOptions): T {
  const { shape, values, connectivity = 26 } = options;
  checkMaskShape(labels, { shape, connectivity }, "keep the largest component");
  const wanted = new Set(values);
  const mask = new Uint8Array(labels.length); // from() would make a list of all voxels first
  for (let i = 0; i < mask.length; i++) if (wanted.has(labels[i])) mask[i] = 1;
  const { starts, ends, components, sizes } = findRuns(mask, { shape, connectivity });
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  const result = labels.slice() as T;
  for (let run = 0; run < starts.length; run++) {
    if (sizes[components[run]] < largest) result.fill(0, starts[run], ends[run]);
  }
  return result;
}
