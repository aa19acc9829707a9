/**
 * The four sizes of the paper.
 * @module
 */

/** The name of a size of the paper. */
export type MedNeXtSize = "S" | "B" | "M" | "L";

/** What a size fixes: stages are encoder 0 to 3, bottleneck, decoder 3 to 0. */
export interface MedNeXtPreset {
  /** How many times wider a block is inside than outside, for each of the nine stages. */
  expansionRatios: readonly number[];
  /** How many blocks each of the nine stages has. */
  blockCounts: readonly number[];
  /** Whether the release recomputes each block in the backward pass. */
  rematerialize: boolean;
}

/**
 * The sizes of the paper (arXiv 2303.09975, table 1; `create_mednext_v1.py` of the release).
 *
 * @example
 * ```ts
 * import { PRESETS } from "@mednext/mednext";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(PRESETS.L.blockCounts, [3, 4, 8, 8, 8, 8, 8, 4, 3]);
 * ```
 */
export const PRESETS: Readonly<Record<MedNeXtSize, MedNeXtPreset>> = {
  S: {
    expansionRatios: [2, 2, 2, 2, 2, 2, 2, 2, 2],
    blockCounts: [2, 2, 2, 2, 2, 2, 2, 2, 2],
    rematerialize: false,
  },
  B: {
    expansionRatios: [2, 3, 4, 4, 4, 4, 4, 3, 2],
    blockCounts: [2, 2, 2, 2, 2, 2, 2, 2, 2],
    rematerialize: false,
  },
  M: {
    expansionRatios: [2, 3, 4, 4, 4, 4, 4, 3, 2],
    blockCounts: [3, 4, 4, 4, 4, 4, 4, 4, 3],
    rematerialize: true,
  },
  L: {
    expansionRatios: [3, 4, 8, 8, 8, 8, 8, 4, 3],
    blockCounts: [3, 4, 8, 8, 8, 8, 8, 4, 3],
    rematerialize: true,
  },
};
