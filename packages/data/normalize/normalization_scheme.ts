import type { NormalizationScheme } from "../normalize.ts";

const BY_NAME: Record<string, NormalizationScheme> = {
  ct: "ct",
  nonorm: "none",
  zscore: "zscore",
  rescale_to_0_1: "rescale-to-0-1",
  rgb_to_0_1: "rgb-to-0-1",
};

/**
 * The normalisation that nnU-Net takes for a channel of this name: names are compared without
 * case, and every name that it does not know (`MRI`, `T1`, `PET`, …) means `zscore`.
 *
 * @example
 * ```ts
 * import { normalizationScheme } from "@mednext/data/normalization-scheme";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(normalizationScheme("CT"), "ct");
 * assertEquals(normalizationScheme("T1"), "zscore");
 * ```
 *
 * @param channelName A channel's name in `dataset.json`.
 * @returns The scheme.
 */
export function normalizationScheme(channelName: string): NormalizationScheme {
  const name = channelName.toLowerCase();
  return Object.hasOwn(BY_NAME, name) ? BY_NAME[name] : "zscore";
}
