import type { LabelDescription } from "@mednext/data";
import type { DiceCrossEntropyLossOptions } from "@mednext/segment";

/** What a network is to find, by the labels of its data. */
export interface TrainingTarget {
  /** The number of its outputs: classes with a softmax, or regions with a sigmoid each. */
  outputs: number;
  /** Names of what its pseudo Dice is of: the regions, or the classes but the background. */
  names: string[];
  /** What the labels of its patches mean to the loss. */
  loss: Pick<DiceCrossEntropyLossOptions, "regions" | "ignoreClass">;
}

/** Label values become classes, places in the list of labels; ignored voxels have the class behind the last. */
export function trainingTarget(
  { labels, ignoreLabel, regions }: LabelDescription,
): TrainingTarget {
  const ignoring = ignoreLabel === undefined ? {} : { ignoreClass: labels.length };
  if (regions === undefined) {
    const names = labels.slice(1).map(({ name }) => name);
    return { outputs: labels.length, names, loss: ignoring };
  }
  const classOf = new Map(labels.map(({ value }, place) => [value, place]));
  const classes = regions.map(({ values }) => values.map((value) => classOf.get(value)!));
  return {
    outputs: regions.length,
    names: regions.map(({ name }) => name),
    loss: { regions: classes, ...ignoring },
  };
}
