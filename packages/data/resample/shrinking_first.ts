import type { Triple } from "../volume.ts";

/** The axes that change, those that shrink the most first, to keep the arrays between small. */
export function shrinkingFirst(shape: Triple, newShape: Triple): number[] {
  return [0, 1, 2].filter((axis) => shape[axis] !== newShape[axis])
    .sort((a, b) => newShape[a] / shape[a] - newShape[b] / shape[b]);
}
