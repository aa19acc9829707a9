import { type CpuKernel, rounded } from "./view.ts";

/** Normalises each channel of each volume by its own mean and biased variance. */
export const groupNorm: CpuKernel<"GroupNorm"> = ({ x, gamma, beta }, { epsilon }) => {
  const [batch, depth, height, width, channels] = x.shape;
  const size = depth * height * width * channels;
  const mean = new Float64Array(batch * channels);
  const reciprocalStd = new Float64Array(batch * channels);
  const y = new Float32Array(x.values.length);
  for (let n = 0; n < batch; n++) {
    for (let c = 0; c < channels; c++) {
      const volume = n * size;
      let sum = 0;
      for (let i = c; i < size; i += channels) sum += x.values[volume + i];
      const average = sum * channels / size;
      let squares = 0;
      for (let i = c; i < size; i += channels) squares += (x.values[volume + i] - average) ** 2;
      const scale = 1 / Math.sqrt(squares * channels / size + epsilon);
      for (let i = c; i < size; i += channels) {
        y[volume + i] = (x.values[volume + i] - average) * scale * gamma.values[c] + beta.values[c];
      }
      mean[n * channels + c] = average;
      reciprocalStd[n * channels + c] = scale;
    }
  }
  return [
    { shape: [...x.shape], values: y },
    rounded([batch, channels], mean),
    rounded([batch, channels], reciprocalStd),
  ];
};

/** dx = gamma·reciprocalStd·(dy - mean(dy) - x̂·mean(dy·x̂)) with x̂ the normalised x. */
export const groupNormGrad: CpuKernel<"GroupNormGrad"> = (
  { x, dy, gamma, mean, reciprocalStd },
) => {
  const [batch, depth, height, width, channels] = x.shape;
  const size = depth * height * width * channels;
  const dx = new Float32Array(x.values.length);
  const dgamma = new Float64Array(channels);
  const dbeta = new Float64Array(channels);
  for (let n = 0; n < batch; n++) {
    for (let c = 0; c < channels; c++) {
      const average = mean.values[n * channels + c];
      const scale = reciprocalStd.values[n * channels + c];
      let sum = 0;
      let product = 0;
      for (let i = n * size + c; i < (n + 1) * size; i += channels) {
        sum += dy.values[i];
        product += dy.values[i] * (x.values[i] - average) * scale;
      }
      const voxels = size / channels;
      for (let i = n * size + c; i < (n + 1) * size; i += channels) {
        const normalised = (x.values[i] - average) * scale;
        dx[i] = gamma.values[c] * scale *
          (dy.values[i] - sum / voxels - normalised * product / voxels);
      }
      dgamma[c] += product;
      dbeta[c] += sum;
    }
  }
  const shape = [...x.shape];
  return [{ shape, values: dx }, rounded([channels], dgamma), rounded([channels], dbeta)];
};
