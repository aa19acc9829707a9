/**
 * A data set cannot be read; `problems` lists everything that is wrong with it.
 *
 * @example
 * ```ts
 * import { DatasetError } from "@mednext/data/dataset-error";
 * import { assertEquals } from "@std/assert";
 *
 * const error = new DatasetError("some/folder", ["$.labels: expected an object, found 3"]);
 * assertEquals(
 *   error.message,
 *   "Cannot read the data set some/folder:\n  $.labels: expected an object, found 3",
 * );
 * ```
 */
export class DatasetError extends Error {
  /** The data set's folder. */
  readonly path: string;
  /** Everything that is wrong: a JSON path or a file each, what was expected, what was found. */
  readonly problems: string[];

  /** Makes the error for a folder and its problems. */
  constructor(path: string, problems: string[]) {
    super(`Cannot read the data set ${path}:\n${problems.map((p) => `  ${p}`).join("\n")}`);
    this.name = "DatasetError";
    this.path = path;
    this.problems = problems;
  }
}
