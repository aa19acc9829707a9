/** Settings of {@linkcode activateScores}. */
export interface ActivateScoresOptions {
  /** The number of classes or regions, the fastest axis. */
  classes: number;
  /** `softmax` for classes, which exclude each other; `sigmoid` for regions, which do not. */
  activation: "softmax" | "sigmoid";
}

/**
 * Replaces logits by probabilities, in place.
 *
 * @example Three classes, two regions
 * ```ts
 * import { activateScores } from "@mednext/segment";
 * import { assertEquals } from "@std/assert";
 *
 * const classes = Float32Array.of(1, 1, 1, 1);
 * activateScores(classes, { classes: 4, activation: "softmax" });
 * assertEquals([...classes], [0.25, 0.25, 0.25, 0.25]);
 * const regions = Float32Array.of(0, Infinity);
 * activateScores(regions, { classes: 2, activation: "sigmoid" });
 * assertEquals([...regions], [0.5, 1]);
 * ```
 *
 * @param scores Logits, `[…, classes]` in C order; overwritten.
 * @param options The number of classes and the function.
 */
export function activateScores(
  scores: Float32Array,
  { classes, activation }: ActivateScoresOptions,
): void {
  if (activation === "sigmoid") {
    for (let i = 0; i < scores.length; i++) scores[i] = 1 / (1 + Math.exp(-scores[i]));
    return;
  }
  for (let row = 0; row < scores.length; row += classes) {
    let highest = -Infinity;
    for (let c = 0; c < classes; c++) highest = Math.max(highest, scores[row + c]);
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += Math.exp(scores[row + c] - highest);
    for (let c = 0; c < classes; c++) {
      scores[row + c] = Math.exp(scores[row + c] - highest) / sum;
    }
  }
}
