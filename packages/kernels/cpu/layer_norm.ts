import { type CpuKernel, rounded } from "./view.ts";

/** Normalises the channels of each voxel by their mean and biased variance. */
export const layerNorm: CpuKernel<"LayerNorm"> = ({ x, gamma, beta }, { epsilon }) => {
  const channels = x.shape.at(-1)!;
  const voxels = x.values.length / channels;
  const mean = new Float64Array(voxels);
  const reciprocalStd = new Float64Array(voxels);
  const y = new Float32Array(x.values.length);
  for (let v = 0; v < voxels; v++) {
    const values = x.values.subarray(v * channels, (v + 1) * channels);
    let sum = 0;
    for (const value of values) sum += value;
    const average = sum / channels;
    let squares = 0;
    for (const value of values) squares += (value - average) ** 2;
    const scale = 1 / Math.sqrt(squares / channels + epsilon);
    for (let c = 0; c < channels; c++) {
      y[v * channels + c] = (values[c] - average) * scale * gamma.values[c] + beta.values[c];
    }
    mean[v] = average;
    reciprocalStd[v] = scale;
  }
  const statistics = x.shape.slice(0, -1);
  return [
    { shape: [...x.shape], values: y },
    rounded(statistics, mean),
    rounded(statistics, reciprocalStd),
  ];
};

/** As for group normalisation, but dy comes with gamma into the means, as gamma changes within a group. */
export const layerNormGrad: CpuKernel<"LayerNormGrad"> = (
  { x, dy, gamma, mean, reciprocalStd },
) => {
  const channels = x.shape.at(-1)!;
  const voxels = x.values.length / channels;
  const dx = new Float32Array(x.values.length);
  const dgamma = new Float64Array(channels);
  const dbeta = new Float64Array(channels);
  for (let v = 0; v < voxels; v++) {
    const scale = reciprocalStd.values[v];
    const normalised = (c: number) => (x.values[v * channels + c] - mean.values[v]) * scale;
    let sum = 0;
    let product = 0;
    for (let c = 0; c < channels; c++) {
      const gradient = dy.values[v * channels + c];
      dgamma[c] += gradient * normalised(c);
      dbeta[c] += gradient;
      sum += gradient * gamma.values[c];
      product += gradient * gamma.values[c] * normalised(c);
    }
    for (let c = 0; c < channels; c++) {
      dx[v * channels + c] = scale *
        (dy.values[v * channels + c] * gamma.values[c] - sum / channels -
          normalised(c) * product / channels);
    }
  }
  const shape = [...x.shape];
  return [{ shape, values: dx }, rounded([channels], dgamma), rounded([channels], dbeta)];
};
