import { type CpuKernel, rounded } from "./view.ts";

/** The sums that cross-entropy and soft Dice are made of. */
export const segmentationSums: CpuKernel<"SegmentationSums"> = (
  { logits, labels },
  { ignored },
) => {
  const [batch, classes] = [logits.shape[0], logits.shape.at(-1)!];
  const voxels = labels.values.length / batch;
  const sums = new Float64Array(batch * 4 * classes);
  for (let v = 0; v < batch * voxels; v++) {
    if (labels.values[v] === ignored) continue;
    const x = logits.values.subarray(v * classes, (v + 1) * classes);
    const at = Math.floor(v / voxels) * 4 * classes;
    const label = classOf(labels.values[v], classes);
    const { largest, total, probabilities } = softmax(x);
    probabilities.forEach((p, c) => sums[at + classes + c] += p);
    sums[at + label] += probabilities[label];
    sums[at + 2 * classes + label]++;
    sums[at + 3 * classes + label] += largest - x[label] + Math.log(total);
  }
  return [rounded([batch, 4, classes], sums)];
};

/** The derivative of the softmax, p (t - Σ p t) with t that of the probabilities, and of the cross-entropy, p - label. */
export const segmentationSumsGrad: CpuKernel<"SegmentationSumsGrad"> = (
  { logits, labels, dy },
  { ignored },
) => {
  const [batch, classes] = [logits.shape[0], logits.shape.at(-1)!];
  const voxels = labels.values.length / batch;
  const dx = new Float32Array(logits.values.length);
  for (let v = 0; v < batch * voxels; v++) {
    if (labels.values[v] === ignored) continue;
    const slopes = dy.values.subarray(Math.floor(v / voxels) * 4 * classes);
    const label = classOf(labels.values[v], classes);
    const { probabilities } = softmax(logits.values.subarray(v * classes, (v + 1) * classes));
    const slope = (c: number) => slopes[classes + c] + (c === label ? slopes[c] : 0);
    const mean = probabilities.reduce((sum, p, c) => sum + p * slope(c), 0);
    probabilities.forEach((p, c) => {
      const entropy = slopes[3 * classes + label] * (p - (c === label ? 1 : 0));
      dx[v * classes + c] = p * (slope(c) - mean) + entropy;
    });
  }
  return [{ shape: [...logits.shape], values: dx }];
};

/** Labels below zero are class 0. */
function classOf(label: number, classes: number): number {
  if (label < classes) return Math.max(label, 0);
  throw new RangeError(
    `Cannot compute segmentationSums: expected labels below the ${classes} classes, found ${label}`,
  );
}

function softmax(x: Float32Array): {
  largest: number;
  total: number;
  probabilities: Float64Array;
} {
  const largest = x.reduce((most, value) => Math.max(most, value), -Infinity);
  const exponentials = Float64Array.from(x, (value) => Math.exp(value - largest));
  const total = exponentials.reduce((sum, e) => sum + e, 0);
  return { largest, total, probabilities: exponentials.map((e) => e / total) };
}
