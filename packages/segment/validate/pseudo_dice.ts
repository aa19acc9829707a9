import type { ClassCounts } from "./create_class_counts.ts";

/** What {@linkcode pseudoDice} gives. */
export interface PseudoDice {
  /** The mean over the foreground classes that occur; not a number if none does. */
  mean: number;
  /** One value per foreground class, from class 1 on, or per region; not a number where it is in neither mask. */
  perClass: number[];
}

/** Settings of {@linkcode pseudoDice}. */
export interface PseudoDiceOptions {
  /**
   * Whether the first class is the background, which is left out; counts of regions have none.
   * @default {true}
   */
  background?: boolean;
}

/**
 * Dice from voxels pooled over patches, 2TP / (2TP + FP + FN): a quick look at how training goes, not a
 * result, as patches are no cases.
 *
 * Source: nnU-Net v2, `nnUNetTrainer.on_validation_epoch_end`.
 *
 * @example Two of three voxels agree
 * ```ts
 * import { addClassCounts, createClassCounts, pseudoDice } from "@mednext/segment";
 * import { assertEquals } from "@std/assert";
 *
 * const counts = createClassCounts(3);
 * addClassCounts(counts, { predicted: [1, 1, 0], labels: [1, 0, 1] });
 * assertEquals(pseudoDice(counts), { mean: 0.5, perClass: [0.5, NaN] });
 * ```
 *
 * @param counts The voxels of each class or region.
 * @param options Whether there is a background.
 */
export function pseudoDice(
  counts: ClassCounts,
  { background = true }: PseudoDiceOptions = {},
): PseudoDice {
  const { truePositives, falsePositives, falseNegatives } = counts;
  const all = Array.from(truePositives, (right, c) => {
    const wrong = falsePositives[c] + falseNegatives[c];
    return 2 * right / (2 * right + wrong);
  });
  const perClass = background ? all.slice(1) : all;
  const known = perClass.filter((dice) => !Number.isNaN(dice));
  return { mean: known.reduce((sum, dice) => sum + dice, 0) / known.length, perClass };
}
