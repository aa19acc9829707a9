/**
 * Whether the files of a case fit together.
 * @module
 */
import type { LabelName, TestCase, TrainingCase } from "./dataset/dataset.ts";
import type { CaseVolumes } from "./preprocess_case.ts";
import { sameGrid } from "./same_grid.ts";
import type { Volume } from "./volume.ts";

/** Options of {@linkcode checkCase}. */
export interface CheckCaseOptions {
  /** Where the volumes are from, for messages. */
  files: TestCase | TrainingCase;
  /** The labels of the data set. */
  labels: LabelName[];
  /** The value of voxels that nobody labelled, if the data set has one. @default {undefined} */
  ignoreLabel?: number;
  /** Number of channels of the data set. */
  channels: number;
}

/** What {@linkcode checkCase} found in a case that fits together. */
export interface CaseReport {
  /** Number of image values that are NaN. */
  nan: number;
  /** Number of image values that are infinite. */
  infinite: number;
  /** The label values that occur, sorted; empty without a label map. */
  labelValues: number[];
}

/** At most this many unknown label values are named. */
const NAMED_VALUES = 10;

/**
 * Checks that the volumes of a case lie on one grid, that there are as many channels as the data
 * set has, and that the label map holds no other values than the data set's. Labels may be stored as
 * floating point numbers if they are whole.
 *
 * @example
 * ```ts
 * import { checkCase, type Volume } from "@mednext/data";
 * import { assertEquals } from "@std/assert";
 *
 * const image: Volume = {
 *   data: Float32Array.of(0.5, NaN),
 *   shape: [1, 1, 2],
 *   channels: 1,
 *   spacing: [1, 1, 1],
 *   affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
 * };
 * const label = { ...image, data: Uint8Array.of(0, 1) };
 * const report = checkCase({ id: "a", images: [image], label }, {
 *   files: { id: "a", images: ["a_0000.nii.gz"], label: "a.nii.gz" },
 *   labels: [{ name: "background", value: 0 }, { name: "liver", value: 1 }],
 *   channels: 1,
 * });
 * assertEquals(report, { nan: 1, infinite: 0, labelValues: [0, 1] });
 * ```
 *
 * @param source The case's volumes.
 * @param options Files, labels and channels of the data set.
 * @returns What is in the case; values that are not finite are no error, preprocessing replaces them.
 * @throws {RangeError} If anything does not fit, with all of it and the names of the files.
 */
export function checkCase(source: CaseVolumes, options: CheckCaseOptions): CaseReport {
  const { files, labels, ignoreLabel, channels } = options;
  const problems = gridProblems(source, files);
  const found = source.images.reduce((sum, image) => sum + image.channels, 0);
  if (found !== channels) {
    problems.push(
      `${files.images.join(", ")}: expected ${channels} ${
        channels === 1 ? "channel" : "channels"
      }, found ${found}`,
    );
  }
  const labelValues = source.label ? distinctValues(source.label) : [];
  const known = new Set(labels.map(({ value }) => value));
  if (ignoreLabel !== undefined) known.add(ignoreLabel);
  const unknown = labelValues.filter((value) => !known.has(value));
  if (unknown.length > 0) {
    const shown = unknown.slice(0, NAMED_VALUES).join(", ");
    problems.push(
      `${labelFile(files)}: expected the labels ${[...known].join(", ")}, found ${shown}` +
        (unknown.length > NAMED_VALUES ? ` and ${unknown.length - NAMED_VALUES} more` : ""),
    );
  }
  if (problems.length > 0) {
    throw new RangeError(
      `Cannot use the case ${source.id}:\n${problems.map((p) => `  ${p}`).join("\n")}`,
    );
  }
  return { ...countNonFinite(source.images), labelValues };
}

function labelFile(files: TestCase | TrainingCase): string {
  return "label" in files ? files.label : "the label map";
}

function gridProblems(source: CaseVolumes, files: TestCase | TrainingCase): string[] {
  const [first, ...others] = source.images.map((volume, i) => ({ volume, name: files.images[i] }));
  if (!first) return [`expected at least one image, found none`];
  if (source.label) others.push({ volume: source.label, name: labelFile(files) });
  const problems = others.flatMap(({ volume, name }) =>
    sameGrid(first.volume, volume).map((difference) =>
      `${first.name} and ${name}: expected one grid, found ${difference}`
    )
  );
  if (source.label && source.label.channels !== 1) {
    problems.push(`${labelFile(files)}: expected 1 channel, found ${source.label.channels}`);
  }
  return problems;
}

function distinctValues({ data }: Volume): number[] {
  const values = new Set<number>();
  let previous: number | undefined;
  for (const value of data) {
    if (value === previous) continue;
    values.add(value);
    previous = value;
  }
  return [...values].sort((a, b) => a - b);
}

function countNonFinite(images: Volume[]): { nan: number; infinite: number } {
  let nan = 0, infinite = 0;
  for (const { data } of images) {
    if (!(data instanceof Float32Array || data instanceof Float64Array)) continue;
    for (const value of data) {
      if (Number.isFinite(value)) continue;
      if (Number.isNaN(value)) nan++;
      else infinite++;
    }
  }
  return { nan, infinite };
}
