import { checkMaskShape } from "./check_mask_shape.ts";
import { type Connectivity, findRuns } from "./runs.ts";

export type { Connectivity };

/** Options of {@linkcode connectedComponents}. */
export interface ConnectedComponentsOptions {
  /** Voxels along D, H, W. */
  shape: readonly [number, number, number];
  /**
   * Which voxels are neighbours: those that share a face (6), an edge too (18), or a corner too (26).
   * @default {26}
   */
  connectivity?: Connectivity;
}

/** What {@linkcode connectedComponents} finds. */
export interface ConnectedComponents {
  /** Component of each voxel, from 1, numbered by their first voxels in C order; 0 outside. */
  labels: Int32Array;
  /** Voxels of each component: `sizes[0]` is that of component 1. */
  sizes: number[];
}

/**
 * The connected components of a mask.
 *
 * The same as `scipy.ndimage.label` and `skimage.measure.label`, numbers included. Mind their
 * defaults: SciPy's is 6, scikit-image's (which nnU-Net's post-processing uses) is 26.
 *
 * @example Two voxels that share a corner
 * ```ts
 * import { connectedComponents } from "@mednext/segment/connected-components";
 * import { assertEquals } from "@std/assert";
 *
 * const mask = Uint8Array.of(1, 0, 0, 1);
 * const shape = [1, 2, 2] as const;
 * assertEquals(connectedComponents(mask, { shape }).sizes, [2]);
 * assertEquals(connectedComponents(mask, { shape, connectivity: 6 }).sizes, [1, 1]);
 * ```
 *
 * @param mask `[D, H, W]` in C order; every value but 0 is inside.
 * @param options Shape and connectivity.
 * @returns Component of each voxel, and their sizes.
 * @throws {RangeError} If the mask does not fill its shape, or the connectivity is not known.
 */
export function connectedComponents(
  mask: ArrayLike<number>,
  options: ConnectedComponentsOptions,
): ConnectedComponents {
  const { shape, connectivity = 26 } = options;
  checkMaskShape(mask, { shape, connectivity }, "find connected components");
  const { starts, ends, components, sizes } = findRuns(mask, { shape, connectivity });
  const labels = new Int32Array(mask.length);
  for (let run = 0; run < starts.length; run++) {
    labels.fill(components[run] + 1, starts[run], ends[run]);
  }
  return { labels, sizes };
}
