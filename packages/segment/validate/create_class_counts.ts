/** Voxels per class that were right, wrongly there and wrongly missing. */
export interface ClassCounts {
  /** Voxels of the class that were predicted as such. */
  truePositives: Float64Array;
  /** Voxels of another class that were predicted as this one. */
  falsePositives: Float64Array;
  /** Voxels of the class that were predicted as another one. */
  falseNegatives: Float64Array;
}

/**
 * Counts of zero for each class, background included.
 *
 * @example Three classes
 * ```ts
 * import { createClassCounts } from "@mednext/segment";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([...createClassCounts(3).truePositives], [0, 0, 0]);
 * ```
 *
 * @param classes The number of classes.
 * @throws {RangeError} If it is no positive integer.
 */
export function createClassCounts(classes: number): ClassCounts {
  if (!Number.isInteger(classes) || classes < 1) {
    throw new RangeError(
      `Cannot count classes as their number must be a positive integer: current value is ${classes}`,
    );
  }
  return {
    truePositives: new Float64Array(classes),
    falsePositives: new Float64Array(classes),
    falseNegatives: new Float64Array(classes),
  };
}
