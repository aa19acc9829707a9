import type { TensorInfo } from "@tensorflow/tfjs";
import type { DeviceBackend } from "../backend.ts";
import { columnSums } from "./column_sums.ts";
import { sizeOf, type WebgpuKernel } from "./webgpu_kernel.ts";

/** 1 / (the mean of an image's norms + epsilon). */
const SCALE_WGSL = `
fn scale_of(image: u32) -> f32 {
  var sum = 0.0;
  for (var c = 0u; c < p.columns; c++) { sum += norm[image * p.columns + c]; }
  return 1.0 / (sum / f32(p.columns) + p.epsilon);
}`;

export const globalResponseNorm: WebgpuKernel<"GlobalResponseNorm"> = (
  backend,
  { x, gamma, beta },
  { epsilon },
) => {
  const name = "GlobalResponseNorm";
  const [images, columns] = [x.shape[0], x.shape[4]];
  const rows = sizeOf(x.shape) / (images * columns);
  const squares = columnSums(backend, {
    ...{ name, inputs: { x }, images, rows, columns, sums: 1 },
    add: "sum[0] += x[at] * x[at];",
  });
  const norm = backend.output([images, columns]);
  backend.run({
    name,
    inputs: { squares },
    outputs: { norm },
    invocations: images * columns,
    body: "norm[index] = sqrt(squares[index]);",
  });
  backend.release(squares);
  const factor = backend.output([images, columns]);
  backend.run({
    name,
    inputs: { norm, gamma },
    outputs: { factor },
    sizes: { columns },
    numbers: { epsilon },
    invocations: images * columns,
    declarations: SCALE_WGSL,
    body: "factor[index] = gamma[index % p.columns] * norm[index] * scale_of(index / p.columns);",
  });
  const y = backend.output(x.shape);
  backend.run({
    name,
    inputs: { x, factor, beta },
    outputs: { y },
    sizes: { columns, image: rows * columns },
    invocations: sizeOf(x.shape),
    body: `
  let c = index % p.columns;
  y[index] = factor[index / p.image * p.columns + c] * x[index] + beta[c] + x[index];`,
  });
  backend.release(factor);
  return [y, norm];
};

/** With n = G/(M + e): dG = A/(M + e) - mean(A·G)/(M + e)², A = gamma·Σ dy·x; and ∂G/∂x = x/G. */
export const globalResponseNormGrad: WebgpuKernel<"GlobalResponseNormGrad"> = (
  backend,
  { x, dy, gamma, norm },
  { epsilon },
) => {
  const name = "GlobalResponseNormGrad";
  const [images, columns] = norm.shape;
  const rows = sizeOf(x.shape) / (images * columns);
  const sums = columnSums(backend, {
    ...{ name, inputs: { x, dy }, images, rows, columns, sums: 2 },
    add: "sum[0] += dy[at]; sum[1] += dy[at] * x[at];",
  });
  const coefficients = coefficientsOf(backend, { sums, gamma, norm, epsilon });
  const dx = backend.output(x.shape);
  backend.run({
    name,
    inputs: { x, dy, coefficients },
    outputs: { dx },
    sizes: { columns, image: rows * columns },
    invocations: sizeOf(x.shape),
    body: `
  let pair = (index / p.image * p.columns + index % p.columns) * 2u;
  dx[index] = dy[index] * coefficients[pair] + coefficients[pair + 1u] * x[index];`,
  });
  const gradients = parameterGradients(backend, { sums, norm, epsilon });
  backend.release(sums, coefficients);
  return [dx, ...gradients];
};

/** What dy and x are multiplied by. */
function coefficientsOf(
  backend: DeviceBackend,
  { sums, gamma, norm, epsilon }:
    & Record<"sums" | "gamma" | "norm", TensorInfo>
    & Record<"epsilon", number>,
): TensorInfo {
  const [images, columns] = norm.shape;
  const coefficients = backend.output([images, columns, 2]);
  backend.run({
    name: "GlobalResponseNormGrad",
    inputs: { sums, gamma, norm },
    outputs: { coefficients },
    sizes: { columns },
    numbers: { epsilon },
    invocations: images * columns,
    declarations: SCALE_WGSL,
    body: `
  let image = index / p.columns;
  let c = index % p.columns;
  let scale = scale_of(image);
  let products = (image * 2 + 1) * p.columns;
  var coupling = 0.0;
  for (var i = 0u; i < p.columns; i++) {
    coupling += gamma[i] * sums[products + i] * norm[image * p.columns + i];
  }
  coupling *= scale * scale / f32(p.columns);
  let slope = gamma[c] * sums[products + c] * scale - coupling;
  coefficients[index * 2] = 1.0 + gamma[c] * norm[index] * scale;
  if (norm[index] == 0.0) { coefficients[index * 2 + 1] = 0.0; }
  else { coefficients[index * 2 + 1] = slope / norm[index]; }`,
  });
  return coefficients;
}

function parameterGradients(
  backend: DeviceBackend,
  { sums, norm, epsilon }: Record<"sums" | "norm", TensorInfo> & Record<"epsilon", number>,
): TensorInfo[] {
  const [images, columns] = norm.shape;
  const [dgamma, dbeta] = [0, 1].map(() => backend.output([columns]));
  backend.run({
    name: "GlobalResponseNormGrad",
    inputs: { sums, norm },
    outputs: { dgamma, dbeta },
    sizes: { images, columns },
    numbers: { epsilon },
    invocations: columns,
    declarations: SCALE_WGSL,
    body: `
  var gamma = 0.0;
  var beta = 0.0;
  for (var image = 0u; image < p.images; image++) {
    beta += sums[image * 2 * p.columns + index];
    let product = sums[(image * 2 + 1) * p.columns + index];
    gamma += product * norm[image * p.columns + index] * scale_of(image);
  }
  dgamma[index] = gamma;
  dbeta[index] = beta;`,
  });
  return [dgamma, dbeta];
}
