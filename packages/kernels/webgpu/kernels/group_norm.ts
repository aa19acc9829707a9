import type { TensorInfo } from "@tensorflow/tfjs";
import type { DeviceBackend } from "../backend.ts";
import { channelStatistics } from "./channel_statistics.ts";
import { columnSums } from "./column_sums.ts";
import { sizeOf, vectorsOf, type WebgpuKernel } from "./webgpu_kernel.ts";

export const groupNorm: WebgpuKernel<"GroupNorm"> = (backend, { x, gamma, beta }, { epsilon }) => {
  const { mean, reciprocalStd } = channelStatistics(backend, { name: "GroupNorm", x, epsilon });
  const y = backend.output(x.shape);
  const { lanes, vectors } = vectorsOf(x.shape[4]);
  backend.run({
    name: "GroupNorm",
    inputs: { x, gamma, beta, mean, reciprocalStd },
    outputs: { y },
    lanes,
    sizes: { vectors, image: sizeOf(x.shape) / x.shape[0] / lanes },
    invocations: sizeOf(x.shape) / lanes,
    body: `
  let c = index % p.vectors;
  let channel = index / p.image * p.vectors + c;
  y[index] = (x[index] - mean[channel]) * (reciprocalStd[channel] * gamma[c]) + beta[c];`,
  });
  return [y, mean, reciprocalStd];
};

/** dx = gamma·reciprocalStd·(dy - mean(dy) - x̂·mean(dy·x̂)) with x̂ the normalised x. */
export const groupNormGrad: WebgpuKernel<"GroupNormGrad"> = (backend, inputs) => {
  const { x, dy, gamma, mean, reciprocalStd } = inputs;
  const [images, columns] = [x.shape[0], x.shape[4]];
  const rows = sizeOf(x.shape) / (images * columns);
  const sums = columnSums(backend, {
    name: "GroupNormGrad",
    inputs: { x, dy, mean, reciprocalStd },
    ...{ images, rows, columns, sums: 2 },
    add: `
    let channel = image * p.columns + column;
    sum[0] += dy[at];
    sum[1] += dy[at] * ((x[at] - mean[channel]) * reciprocalStd[channel]);`,
  });
  const dx = backend.output(x.shape);
  const { lanes, vectors } = vectorsOf(columns);
  backend.run({
    name: "GroupNormGrad",
    inputs: { x, dy, gamma, mean, reciprocalStd, sums },
    outputs: { dx },
    lanes,
    sizes: { vectors, image: rows * vectors },
    numbers: { voxels: rows },
    invocations: sizeOf(x.shape) / lanes,
    body: `
  let c = index % p.vectors;
  let image = index / p.image;
  let channel = image * p.vectors + c;
  let sum = sums[image * 2 * p.vectors + c] / p.voxels;
  let product = sums[(image * 2 + 1) * p.vectors + c] / p.voxels;
  let normalised = (x[index] - mean[channel]) * reciprocalStd[channel];
  dx[index] = gamma[c] * reciprocalStd[channel] * (dy[index] - sum - normalised * product);`,
  });
  const [dgamma, dbeta] = sumImages(backend, { name: "GroupNormGrad", sums });
  backend.release(sums);
  return [dx, dgamma, dbeta];
};

/** [images, 2, columns] -> the second and the first sum over the images: the gradients of gamma and beta. */
export function sumImages(
  backend: DeviceBackend,
  { name, sums }: { name: string; sums: TensorInfo },
): [TensorInfo, TensorInfo] {
  const [images, , columns] = sums.shape;
  const [dgamma, dbeta] = [0, 1].map(() => backend.output([columns]));
  backend.run({
    name,
    inputs: { sums },
    outputs: { dgamma, dbeta },
    sizes: { images },
    invocations: columns,
    body: `
  var gamma = 0.0;
  var beta = 0.0;
  for (var image = 0u; image < p.images; image++) {
    beta += sums[image * 2 * p.invocations + index];
    gamma += sums[(image * 2 + 1) * p.invocations + index];
  }
  dgamma[index] = gamma;
  dbeta[index] = beta;`,
  });
  return [dgamma, dbeta];
}
