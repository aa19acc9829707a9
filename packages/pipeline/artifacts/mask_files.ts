/**
 * The masks of several folders as one set: each case once, and none missing.
 * @module
 */
import { readSplits } from "@mednext/data";
import { maskPath, readMasksManifest } from "./masks_folder.ts";

/** The mask of a case. */
export interface MaskFile {
  /** Id of the case. */
  id: string;
  /** Where its mask lies. */
  path: string;
}

/** Which cases there must be. */
export interface ExpectedCases {
  /** Path of the splits; without, the cases that the folders promise are all. */
  splits?: string;
  /** The folds whose validation cases are meant; all if left out. */
  folds?: readonly number[];
}

/**
 * Every mask that the manifests of some folders promise, in their order.
 *
 * @throws {RangeError} If there is none, a case has two, one is missing or one is not meant.
 */
export async function listMaskFiles(
  folders: readonly string[],
  expected: ExpectedCases,
): Promise<MaskFile[]> {
  const masks: MaskFile[] = [];
  for (const folder of folders) {
    const { cases } = await readMasksManifest(folder);
    masks.push(...cases.map((id) => ({ id, path: maskPath(folder, id) })));
  }
  checkOnce(masks);
  if (expected.splits !== undefined) await checkComplete(masks, expected.splits, expected.folds);
  if (masks.length === 0) {
    throw new RangeError(`Cannot evaluate masks: there are none in ${folders.join(", ")}`);
  }
  return masks;
}

function checkOnce(masks: readonly MaskFile[]): void {
  const byId = Map.groupBy(masks, ({ id }) => id);
  for (const [id, [first, second]] of byId) {
    if (second === undefined) continue;
    throw new RangeError(
      `Cannot evaluate case ${id}: expected one mask, found '${first.path}' and '${second.path}'`,
    );
  }
}

async function checkComplete(
  masks: readonly MaskFile[],
  splits: string,
  folds?: readonly number[],
): Promise<void> {
  const expected = await validationCases(splits, folds);
  const found = new Set(masks.map(({ id }) => id));
  const missing = [...expected].filter((id) => !found.has(id));
  const others = [...found].filter((id) => !expected.has(id));
  const which = folds === undefined ? "all folds" : `fold ${folds.join(", ")}`;
  if (missing.length > 0) {
    throw new RangeError(
      `Cannot evaluate masks: expected one for each validation case of ${which} in '${splits}', ` +
        `found none for ${missing.join(", ")}`,
    );
  }
  if (others.length > 0) {
    throw new RangeError(
      `Cannot evaluate masks: expected validation cases of ${which} in '${splits}' only, found ` +
        others.join(", "),
    );
  }
}

async function validationCases(path: string, folds?: readonly number[]): Promise<Set<string>> {
  const splits = await readSplits(path);
  const chosen = folds ?? [...splits.keys()];
  const unknown = chosen.filter((fold) => splits[fold] === undefined);
  if (unknown.length > 0) {
    throw new RangeError(
      `Cannot evaluate masks of fold ${unknown.join(", ")}: '${path}' has ${splits.length} folds`,
    );
  }
  return new Set(chosen.flatMap((fold) => splits[fold].val));
}
