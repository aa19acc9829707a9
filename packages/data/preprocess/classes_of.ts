/** Largest class that fits a label array. */
const LARGEST = 32767;

/**
 * Label values as classes: their place in `labels`, or themselves without it. Values stored as
 * floating point numbers are fine as long as they are whole.
 */
export function classesOf(
  values: ArrayLike<number>,
  { id, labels }: { id: string; labels?: number[] },
): Int16Array {
  const classOf = labels && new Map(labels.map((value, index) => [value, index]));
  const classes = new Int16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const found = classOf ? classOf.get(value) : value;
    if (found === undefined || !Number.isInteger(found) || found < 0 || found > LARGEST) {
      const expected = labels
        ? `one of ${labels.join(", ")}`
        : `a whole number from 0 to ${LARGEST}`;
      throw new RangeError(
        `Cannot preprocess case ${id}: expected every label to be ${expected}, found ${value}`,
      );
    }
    classes[i] = found;
  }
  return classes;
}
