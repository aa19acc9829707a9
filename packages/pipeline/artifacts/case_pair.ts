/**
 * A mask and the label map that it is compared with.
 * @module
 */
import { type Dataset, readVolume, sameGrid, type Volume } from "@mednext/data";
import type { LabelDefinition } from "@mednext/metrics";
import { relative } from "@std/path";
import type { MaskFile } from "./mask_files.ts";

/** A mask and its reference, on one grid. */
export interface CasePair {
  /** The data set's label map. */
  truth: Volume;
  /** The mask. */
  mask: Volume;
}

/** What is evaluated: the regions if the data set has any, or else every label but the background. */
export function evaluatedLabels({ labels, regions }: Dataset): LabelDefinition[] {
  return regions ??
    labels.filter(({ value }) => value !== 0).map(({ name, value }) => ({ name, values: [value] }));
}

/** The case of the data set that a mask is of. */
export function referenceOf(dataset: Dataset, id: string): Dataset["training"][number] {
  const entry = dataset.training.find((candidate) => candidate.id === id);
  if (entry !== undefined) return entry;
  throw new RangeError(
    `Cannot evaluate case ${id}: the data set ${dataset.name} has no label for it`,
  );
}

/** Names of a case's files that do not depend on where they lie, for reports. */
export function fileNames(
  dataset: Dataset,
  { id, folder }: { id: string; folder: string },
): { prediction: string; reference: string } {
  const reference = relative(folder, referenceOf(dataset, id).label).replaceAll("\\", "/");
  return { prediction: `${id}.nii.gz`, reference };
}

/**
 * Reads a mask and its reference.
 *
 * @throws {RangeError} If the data set has no label for it, the two are not on one grid, or one of them
 * holds a value that the data set does not know.
 */
export async function readCasePair(dataset: Dataset, { id, path }: MaskFile): Promise<CasePair> {
  const { label } = referenceOf(dataset, id);
  const [truth, mask] = await Promise.all([label, path].map((file) => readVolume(file)));
  const differences = sameGrid(truth, mask);
  if (differences.length > 0) {
    throw new RangeError(
      `Cannot evaluate case ${id}: expected mask and label on one grid, found ${
        differences.join("; ")
      }`,
    );
  }
  const known = dataset.labels.map(({ value }) => value);
  const { ignoreLabel } = dataset;
  checkValues(mask, known, path);
  checkValues(truth, ignoreLabel === undefined ? known : [...known, ignoreLabel], label);
  return { truth, mask };
}

function checkValues({ data }: Volume, known: readonly number[], path: string): void {
  const expected = new Set(known), unknown = new Set<number>();
  for (let i = 0; i < data.length; i++) if (!expected.has(data[i])) unknown.add(data[i]);
  if (unknown.size === 0) return;
  const found = [...unknown].toSorted((a, b) => a - b);
  const more = found.length > 10 ? `, and ${found.length - 10} more` : "";
  throw new RangeError(
    `Cannot evaluate '${path}': expected the data set's labels ${known.join(", ")}, found ${
      found.slice(0, 10).join(", ")
    }${more}`,
  );
}
