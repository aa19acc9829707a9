/**
 * The `splits` artifact: nnU-Net's `splits_final.json`, a list of folds with their case ids.
 * @module
 */
import { readSplits } from "@mednext/data";
import type { VolumesManifest } from "./volumes_folder.ts";

/** Which cases are meant. */
export interface Subset {
  /** `validation` and `training` are those of the fold, `test` those without labels. */
  subset: "validation" | "test" | "training" | "all";
  /** The fold; `"all"` trains on every case and validates on every case. */
  fold: number | "all";
  /** Path of the splits; needed for a numbered fold. */
  splits?: string;
}

/**
 * The ids of a subset of the cases, sorted as in the splits or the manifest.
 *
 * @throws {RangeError} If the fold does not exist, names a case that there is not, or holds none.
 */
export async function subsetOf(
  { name, training, test }: VolumesManifest,
  { subset, fold, splits }: Subset,
): Promise<string[]> {
  if (subset === "test") return required(test, `cases without labels in ${name}`);
  if (subset === "all") return required([...training, ...test], `cases in ${name}`);
  if (fold === "all") return required(training, `cases with labels in ${name}`);
  if (splits === undefined) {
    throw new RangeError(
      `Cannot choose the ${subset} cases of fold ${fold} as the input 'splits' is not given`,
    );
  }
  const folds = await readSplits(splits);
  if (fold >= folds.length) {
    throw new RangeError(
      `Cannot choose fold ${fold}: '${splits}' has ${
        folds.length === 0 ? "no folds" : `the folds 0 to ${folds.length - 1}`
      }`,
    );
  }
  const ids = subset === "training" ? folds[fold].train : folds[fold].val;
  const unknown = ids.filter((id) => !training.includes(id));
  if (unknown.length > 0) {
    throw new RangeError(
      `Cannot choose fold ${fold}: '${splits}' names cases that are not there: ${
        unknown.join(", ")
      }`,
    );
  }
  return required(ids, `${subset} cases of fold ${fold} in '${splits}'`);
}

function required(ids: string[], what: string): string[] {
  if (ids.length === 0) throw new RangeError(`Cannot choose cases: there are no ${what}`);
  return ids;
}
