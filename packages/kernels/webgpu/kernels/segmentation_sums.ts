import type { TensorInfo } from "@tensorflow/tfjs";
import type { DeviceBackend } from "../backend.ts";
import { columnSums } from "./column_sums.ts";
import { skipIgnored } from "./labels_wgsl.ts";
import { sizeOf, type WebgpuKernel } from "./webgpu_kernel.ts";

/** Labels of K or more are not told apart on the device: such a voxel is in the sums over all voxels alone. */
export const segmentationSums: WebgpuKernel<"SegmentationSums"> = (
  backend,
  { logits, labels },
  { ignored },
) => {
  const [images, columns] = [logits.shape[0], logits.shape.at(-1)!];
  const entropies = logSums(backend, logits);
  const sums = columnSums(backend, {
    name: "SegmentationSums",
    inputs: { logits, labels, entropies },
    ...{ images, rows: sizeOf(labels.shape) / images, columns, sums: 4 },
    add: `
    ${skipIgnored(ignored, "continue;")}
    let distance = entropies[row * 2] - logits[at] + entropies[row * 2 + 1];
    let probability = exp(-distance);
    sum[1] += probability;
    if (u32(max(labels[row], 0)) == column) {
      sum[0] += probability;
      sum[2] += 1.0;
      sum[3] += distance;
    }`,
  });
  backend.release(entropies);
  return sums;
};

/** Of each voxel the largest logit and the logarithm of Σ exp(logit - largest): their sum would lose digits. */
function logSums(backend: DeviceBackend, logits: TensorInfo): TensorInfo {
  const classes = logits.shape.at(-1)!;
  const voxels = sizeOf(logits.shape) / classes;
  const entropies = backend.output([voxels, 2]);
  backend.run({
    name: "SegmentationSums",
    inputs: { logits },
    outputs: { entropies },
    sizes: { classes },
    invocations: voxels,
    body: `
  let first = index * p.classes;
  var largest = logits[first];
  for (var c = 1u; c < p.classes; c++) { largest = max(largest, logits[first + c]); }
  var total = 0.0;
  for (var c = 0u; c < p.classes; c++) { total += exp(logits[first + c] - largest); }
  entropies[index * 2] = largest;
  entropies[index * 2 + 1] = log(total);`,
  });
  return entropies;
}

/** The derivative of the softmax, p (t - Σ p t) with t that of the probabilities, and of the cross-entropy, p - label. */
export const segmentationSumsGrad: WebgpuKernel<"SegmentationSumsGrad"> = (
  backend,
  { logits, labels, dy },
  { ignored },
) => {
  const [images, classes] = [logits.shape[0], logits.shape.at(-1)!];
  const voxels = sizeOf(labels.shape);
  const dx = backend.output(logits.shape);
  backend.run({
    name: "SegmentationSumsGrad",
    inputs: { logits, labels, dy },
    outputs: { dx },
    sizes: { classes, rows: voxels / images },
    invocations: voxels,
    body: `
  let row = index;
  let first = row * p.classes;
  ${
      skipIgnored(
        ignored,
        "for (var c = 0u; c < p.classes; c++) { dx[first + c] = 0.0; } return;",
      )
    }
  let slopes = row / p.rows * 4 * p.classes;
  let label = u32(max(labels[row], 0));
  var largest = logits[first];
  for (var c = 1u; c < p.classes; c++) { largest = max(largest, logits[first + c]); }
  var total = 0.0;
  var mean = 0.0;
  for (var c = 0u; c < p.classes; c++) {
    let weight = exp(logits[first + c] - largest);
    total += weight;
    mean += weight * (dy[slopes + p.classes + c] + select(0.0, dy[slopes + c], c == label));
  }
  mean /= total;
  let entropy = select(0.0, dy[slopes + 3 * p.classes + min(label, p.classes - 1)], label < p.classes);
  for (var c = 0u; c < p.classes; c++) {
    let probability = exp(logits[first + c] - largest) / total;
    let slope = dy[slopes + p.classes + c] + select(0.0, dy[slopes + c], c == label);
    dx[first + c] = probability * (slope - mean) + entropy * (probability - select(0.0, 1.0, c == label));
  }`,
  });
  return dx;
};
