/** Sets what is NaN or infinite to 0, in place; returns how many values that were. */
export function replaceNonFinite(data: Float32Array): number {
  let replaced = 0;
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i])) {
      data[i] = 0;
      replaced++;
    }
  }
  return replaced;
}
