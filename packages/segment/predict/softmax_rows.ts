/** Replaces logits by probabilities, in place; rows of `classes` values. */
export function softmaxRows(values: Float32Array, classes: number): void {
  for (let row = 0; row < values.length; row += classes) {
    let highest = -Infinity;
    for (let c = 0; c < classes; c++) highest = Math.max(highest, values[row + c]);
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += Math.exp(values[row + c] - highest);
    for (let c = 0; c < classes; c++) {
      values[row + c] = Math.exp(values[row + c] - highest) / sum;
    }
  }
}
