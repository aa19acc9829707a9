import { type CpuKernel, rounded } from "./view.ts";

/** gamma·(x·n) + beta + x, n the norm of a channel over the mean norm of the channels. */
export const globalResponseNorm: CpuKernel<"GlobalResponseNorm"> = (
  { x, gamma, beta },
  { epsilon },
) => {
  const [batch, depth, height, width, channels] = x.shape;
  const size = depth * height * width * channels;
  const norm = new Float64Array(batch * channels);
  for (let i = 0; i < x.values.length; i++) {
    norm[Math.floor(i / size) * channels + i % channels] += x.values[i] ** 2;
  }
  for (let i = 0; i < norm.length; i++) norm[i] = Math.sqrt(norm[i]);
  const y = new Float32Array(x.values.length);
  for (let n = 0; n < batch; n++) {
    const norms = norm.subarray(n * channels, (n + 1) * channels);
    const scale = 1 / (average(norms) + epsilon);
    for (let i = 0; i < size; i++) {
      const c = i % channels;
      const value = x.values[n * size + i];
      y[n * size + i] = gamma.values[c] * value * norms[c] * scale + beta.values[c] + value;
    }
  }
  return [{ shape: [...x.shape], values: y }, rounded([batch, channels], norm)];
};

/** With n = G/(M + e): dG = A/(M + e) - mean(A·G)/(M + e)², A = gamma·Σ dy·x; and ∂G/∂x = x/G. */
export const globalResponseNormGrad: CpuKernel<"GlobalResponseNormGrad"> = (
  { x, dy, gamma, norm },
  { epsilon },
) => {
  const [batch, depth, height, width, channels] = x.shape;
  const size = depth * height * width * channels;
  const dx = new Float32Array(x.values.length);
  const dgamma = new Float64Array(channels);
  const dbeta = new Float64Array(channels);
  for (let n = 0; n < batch; n++) {
    const norms = norm.values.subarray(n * channels, (n + 1) * channels);
    const scale = 1 / (average(norms) + epsilon);
    const products = new Float64Array(channels);
    for (let i = 0; i < size; i++) {
      products[i % channels] += dy.values[n * size + i] * x.values[n * size + i];
      dbeta[i % channels] += dy.values[n * size + i];
    }
    let coupling = 0;
    for (let c = 0; c < channels; c++) {
      dgamma[c] += products[c] * norms[c] * scale;
      coupling += gamma.values[c] * products[c] * norms[c] * scale * scale / channels;
    }
    for (let i = 0; i < size; i++) {
      const c = i % channels;
      const dnorm = gamma.values[c] * products[c] * scale - coupling;
      const through = norms[c] === 0 ? 0 : dnorm * x.values[n * size + i] / norms[c];
      dx[n * size + i] = dy.values[n * size + i] * (1 + gamma.values[c] * norms[c] * scale) +
        through;
    }
  }
  const shape = [...x.shape];
  return [{ shape, values: dx }, rounded([channels], dgamma), rounded([channels], dbeta)];
};

function average(values: Float32Array | Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
