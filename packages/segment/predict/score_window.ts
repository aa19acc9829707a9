import type { ScoreSlab } from "./predict_slabs.ts";
import { averageIn, type Flips, type Triple } from "./window.ts";

/** The running mean of the predictions, of the rows that a patch may still touch. */
export interface ScoreWindow {
  /** Adds the scores of a patch. */
  average(
    values: Float32Array,
    patch: { start: Triple; flips: Flips; importance: Float32Array; classes: number },
  ): void;
  /** Hands on the rows before this one, if there are any that were not; later patches start there. */
  advance(row: number): ScoreSlab | undefined;
}

/** Makes the window for a volume; patches must come in the order of their first row. */
export function createScoreWindow(
  { shape, patchSize, classes }: { shape: Triple; patchSize: Triple; classes: number },
): ScoreWindow {
  const rows = Math.min(shape[0], patchSize[0]);
  const rowVoxels = shape[1] * shape[2];
  const scores = new Float32Array(rows * rowVoxels * classes);
  const weights = new Float32Array(rows * rowVoxels);
  let begin = 0, handedOn = 0;

  /** Moves what is left after rows were handed on to the front; the rest is new and empty. */
  function close(): void {
    const done = handedOn - begin;
    if (done === 0) return;
    for (const [values, length] of [[scores, rowVoxels * classes], [weights, rowVoxels]] as const) {
      values.copyWithin(0, done * length);
      values.fill(0, (rows - done) * length);
    }
    begin = handedOn;
  }
  return {
    average(values, { start, flips, importance, classes: found }) {
      checkClasses(classes, found);
      close();
      const volume: Triple = [Math.min(rows, shape[0] - begin), shape[1], shape[2]];
      const place: Triple = [start[0] - begin, start[1], start[2]];
      const patch = { volume, size: patchSize, start: place, flips };
      averageIn({ scores, weights, classes }, patch, { values, importance });
    },
    advance(row) {
      if (row === handedOn) return undefined;
      const slab = scores.subarray(0, (row - handedOn) * rowVoxels * classes);
      const start = handedOn;
      handedOn = row;
      return { start, stop: row, scores: slab, classes };
    },
  };
}

function checkClasses(expected: number, found: number): void {
  if (expected === found) return;
  throw new RangeError(
    `Cannot average networks as all must have the same classes: found ${expected} and ${found}`,
  );
}
