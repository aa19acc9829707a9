/** Largest class that fits a label array. */
const LARGEST = 32767;

/** What label values become. */
export interface ClassesOptions {
  /** The case's name, for messages. */
  id: string;
  /** The label value of each class; without it label values are classes. */
  labels?: number[];
  /** The value of voxels that nobody labelled; it becomes `labels.length`. */
  ignoreLabel?: number;
}

/**
 * Label values as classes: their place in `labels`, or themselves without it. Values stored as
 * floating point numbers are fine as long as they are whole.
 */
export function classesOf(values: ArrayLike<number>, options: ClassesOptions): Int16Array {
  const { labels, ignoreLabel } = options;
  const classOf = labels && new Map(labels.map((value, index) => [value, index]));
  if (ignoreLabel !== undefined) classOf?.set(ignoreLabel, classOf.size);
  const classes = new Int16Array(values.length);
  let value = NaN, found: number | undefined;
  for (let i = 0; i < values.length; i++) {
    if (values[i] !== value) { // label maps are runs of equal values
      value = values[i];
      found = classOf ? classOf.get(value) : value;
    }
    if (found === undefined || !Number.isInteger(found) || found < 0 || found > LARGEST) {
      throw new RangeError(
        `Cannot preprocess case ${options.id}: expected every label to be ` +
          `${
            classOf
              ? `one of ${[...classOf.keys()].join(", ")}`
              : `a whole number from 0 to ${LARGEST}`
          }, ` +
          `found ${values[i]}`,
      );
    }
    classes[i] = found;
  }
  return classes;
}
