import type { Triple } from "../volume.ts";

type Labels = Uint8Array | Uint16Array | Int32Array;

/** Checks that values fit the network's grid, and that every class has a label. */
export function checkRestoring(
  found: number,
  { shape, classes, labels }: { shape: Triple; classes: number; labels?: number[] },
): void {
  const expected = shape[0] * shape[1] * shape[2] * Math.max(1, classes);
  const what = classes > 0 ? `scores of ${classes} classes` : "a mask";
  if (found !== expected) {
    throw new RangeError(
      `Cannot restore ${what}: the values must be ${expected} on a grid of ${shape.join(" x ")} ` +
        `voxels, found ${found}`,
    );
  }
  if (labels && classes > labels.length) {
    throw new RangeError(
      `Cannot restore ${what}: every class needs a label, found ${labels.length} labels`,
    );
  }
}

/** The cropped classes as label values, and a background of the same kind for the whole image. */
export function labelArray(
  wholeLength: number,
  { cropped, labels }: { cropped: Int16Array; labels?: number[] },
): { whole: Labels; cropped: Labels } {
  const largestClass = cropped.reduce((largest, value) => Math.max(largest, value), 0);
  const values = labels ?? Array.from({ length: largestClass + 1 }, (_, value) => value);
  const wrong = cropped.find((value) => values[value] === undefined);
  if (wrong !== undefined) {
    throw new RangeError(
      labels
        ? `Cannot restore a mask: expected classes from 0 to ${values.length - 1}, found ${wrong}`
        : `Cannot restore a mask: expected classes from 0 on, found ${wrong}`,
    );
  }
  const largest = Math.max(...values);
  const Kind = largest < 2 ** 8 ? Uint8Array : largest < 2 ** 16 ? Uint16Array : Int32Array;
  const result = new Kind(cropped.length);
  for (let i = 0; i < cropped.length; i++) result[i] = values[cropped[i]];
  return { whole: new Kind(wholeLength).fill(values[0]), cropped: result };
}
