import type { MaskArray } from "../mask_array.ts";
import { show } from "./check.ts";

/** A binary mask (0 or 1) and how many voxels it has. */
export interface SelectedMask {
  data: Uint8Array;
  count: number;
}

function checkValues(values: readonly number[], what: string): void {
  if (values.length === 0 || !values.every((value) => Number.isInteger(value))) {
    throw new RangeError(
      `Cannot ${what} as the values of a label must be one integer or more: current value is ${
        show(values)
      }`,
    );
  }
}

/** Whether any element is NaN; integer arrays cannot hold one. */
function hasNaN(source: MaskArray): boolean {
  if (!(source instanceof Float32Array || source instanceof Float64Array)) return false;
  for (let i = 0; i < source.length; i++) if (Number.isNaN(source[i])) return true;
  return false;
}

/**
 * The voxels with one of some values; without values, every voxel that is not 0. Never one of those that
 * `ignored` marks.
 *
 * @throws {RangeError} If a voxel is NaN or the values are not integers.
 */
export function selectMask(
  source: MaskArray,
  values: readonly number[] | undefined,
  names: { what: string; name: string; ignored?: Uint8Array },
): SelectedMask {
  if (hasNaN(source)) {
    throw new RangeError(
      `Cannot ${names.what} as '${names.name}' must hold numbers only: current value has NaN at voxel ${
        source.findIndex((value) => Number.isNaN(value))
      }`,
    );
  }
  const { ignored } = names;
  const data = new Uint8Array(source.length);
  let count = 0;
  const mark = (wanted: (value: number) => boolean) => {
    for (let i = 0; i < data.length; i++) {
      if (wanted(source[i]) && ignored?.[i] !== 1) {
        data[i] = 1;
        count++;
      }
    }
  };
  if (values === undefined) {
    mark((value) => value !== 0);
  } else {
    checkValues(values, names.what);
    const [only] = values;
    const set = new Set(values);
    mark(values.length === 1 ? (value) => value === only : (value) => set.has(value));
  }
  return { data, count };
}
