import { type LabelDescription, regionClasses } from "@mednext/data";
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
export function trainingTarget(description: LabelDescription): TrainingTarget {
  const { labels, ignoreLabel, regions } = description;
  const ignoring = ignoreLabel === undefined ? {} : { ignoreClass: labels.length };
  const namesOf = (named: readonly { name: string }[]) => named.map(({ name }) => name);
  if (regions === undefined) {
    return { outputs: labels.length, names: namesOf(labels.slice(1)), loss: ignoring };
  }
  return {
    outputs: regions.length,
    names: namesOf(regions),
    loss: { regions: regionClasses(description), ...ignoring },
  };
}
