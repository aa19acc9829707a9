import type { TensorInfo } from "@tensorflow/tfjs";
import type { DeviceBackend } from "../backend.ts";
import { columnSums } from "./column_sums.ts";
import { sumImages } from "./group_norm.ts";
import { sizeOf, type WebgpuKernel } from "./webgpu_kernel.ts";

export const layerNorm: WebgpuKernel<"LayerNorm"> = (backend, { x, gamma, beta }, { epsilon }) => {
  const channels = x.shape.at(-1)!;
  const { mean, reciprocalStd } = layerStatistics(backend, { name: "LayerNorm", x, epsilon });
  const y = backend.output(x.shape);
  backend.run({
    name: "LayerNorm",
    inputs: { x, gamma, beta, mean, reciprocalStd },
    outputs: { y },
    sizes: { channels },
    invocations: sizeOf(x.shape),
    body: `
  let voxel = index / p.channels;
  let c = index % p.channels;
  y[index] = (x[index] - mean[voxel]) * reciprocalStd[voxel] * gamma[c] + beta[c];`,
  });
  return [y, mean, reciprocalStd];
};

/** Mean and 1 / sqrt(variance + epsilon) of each voxel. */
export function layerStatistics(
  backend: DeviceBackend,
  { name, x, epsilon }: { name: string; x: TensorInfo; epsilon: number },
): { mean: TensorInfo; reciprocalStd: TensorInfo } {
  const channels = x.shape.at(-1)!;
  const [mean, reciprocalStd] = [0, 1].map(() => backend.output(x.shape.slice(0, -1)));
  backend.run({
    ...{ name, inputs: { x }, outputs: { mean, reciprocalStd } },
    sizes: { channels },
    numbers: { epsilon },
    invocations: sizeOf(x.shape) / channels,
    body: `
  let first = index * p.channels;
  var sum = 0.0;
  for (var c = 0u; c < p.channels; c++) { sum += x[first + c]; }
  let average = sum / f32(p.channels);
  var squares = 0.0;
  for (var c = 0u; c < p.channels; c++) {
    let distance = x[first + c] - average;
    squares += distance * distance;
  }
  mean[index] = average;
  reciprocalStd[index] = 1.0 / sqrt(squares / f32(p.channels) + p.epsilon);`,
  });
  return { mean, reciprocalStd };
}

/** As for group normalisation, but dy comes with gamma into the means, as gamma changes within a group. */
export const layerNormGrad: WebgpuKernel<"LayerNormGrad"> = (backend, inputs) => {
  const { x, dy, gamma, mean, reciprocalStd } = inputs;
  const channels = x.shape.at(-1)!;
  const rows = sizeOf(x.shape) / channels;
  const dx = backend.output(x.shape);
  backend.run({
    name: "LayerNormGrad",
    inputs: { x, dy, gamma, mean, reciprocalStd },
    outputs: { dx },
    sizes: { channels },
    invocations: rows,
    body: `
  let first = index * p.channels;
  let average = mean[index];
  let scale = reciprocalStd[index];
  var sum = 0.0;
  var product = 0.0;
  for (var c = 0u; c < p.channels; c++) {
    let slope = dy[first + c] * gamma[c];
    sum += slope;
    product += slope * ((x[first + c] - average) * scale);
  }
  sum /= f32(p.channels);
  product /= f32(p.channels);
  for (var c = 0u; c < p.channels; c++) {
    let normalised = (x[first + c] - average) * scale;
    dx[first + c] = scale * (dy[first + c] * gamma[c] - sum - normalised * product);
  }`,
  });
  const sums = columnSums(backend, {
    name: "LayerNormGrad",
    inputs: { x, dy, mean, reciprocalStd },
    ...{ images: 1, rows, columns: channels, sums: 2 },
    add: `
    sum[0] += dy[at];
    sum[1] += dy[at] * ((x[at] - mean[row]) * reciprocalStd[row]);`,
  });
  const gradients = sumImages(backend, { name: "LayerNormGrad", sums });
  backend.release(sums);
  return [dx, ...gradients];
};
