import { spatialSize } from "../../output_size.ts";
import { affine, affineGradient, withChannelArrays } from "./channel_affine.ts";
import { channelSums } from "./channel_sums.ts";
import { imageStatistics } from "./image_statistics.ts";
import { sizeOf, type WasmKernel } from "./wasm_kernel.ts";

export const groupNorm: WasmKernel<"GroupNorm"> = (backend, { x, gamma, beta }, { epsilon }) => {
  const batch = x.shape[0];
  const channels = x.shape[4];
  const voxels = sizeOf(spatialSize(x.shape));
  const y = backend.output(x.shape);
  const mean = backend.output([batch, channels]);
  const reciprocalStd = backend.output([batch, channels]);
  const [from, to] = [backend.address(x), backend.address(y)];
  backend.address(gamma);
  backend.address(beta);
  for (let n = 0; n < batch; n++) {
    const offset = n * voxels * channels * 4;
    const image = { address: from + offset, voxels, channels };
    const statistics = backend.statisticsOf(x)?.[n] ?? imageStatistics(backend, image);
    const means = backend.values(mean).subarray(n * channels, (n + 1) * channels);
    const scales = backend.values(reciprocalStd).subarray(n * channels, (n + 1) * channels);
    const gammas = backend.values(gamma);
    means.set(statistics.mean);
    scales.set(statistics.variance.map((variance) => 1 / Math.sqrt(variance + epsilon)));
    const scale = scales.map((value, c) => value * gammas[c]);
    withChannelArrays(backend, [means, scale, backend.values(beta)], ([centre, factor, shift]) => {
      affine(backend, image, { centre, factor, shift, y: to + offset });
    });
  }
  return [y, mean, reciprocalStd];
};

export const groupNormGrad: WasmKernel<"GroupNormGrad"> = (backend, inputs) => {
  const { x, dy, gamma, mean, reciprocalStd } = inputs;
  const batch = x.shape[0];
  const channels = x.shape[4];
  const voxels = sizeOf(spatialSize(x.shape));
  const [dx, dgamma, dbeta] = [x.shape, [channels], [channels]].map((s) => backend.output(s));
  const [from, gradient, to] = [x, dy, dx].map((info) => backend.address(info));
  for (const info of [gamma, mean, reciprocalStd]) backend.address(info);
  const gammas = backend.values(gamma);
  const dgammas = new Float64Array(channels);
  const dbetas = new Float64Array(channels);
  for (let n = 0; n < batch; n++) {
    const offset = n * voxels * channels * 4;
    const image = { address: from + offset, voxels, channels };
    const means = backend.values(mean).subarray(n * channels, (n + 1) * channels);
    const scales = backend.values(reciprocalStd).subarray(n * channels, (n + 1) * channels);
    withChannelArrays(backend, [means], ([centre]) => {
      const args = [image.address, gradient + offset, centre];
      const [sums, products] = channelSums(backend, {
        ...{ kernel: "channelProducts", args, voxels, channels, kinds: 2 },
      });
      for (let c = 0; c < channels; c++) {
        dbetas[c] += sums[c];
        dgammas[c] += products[c] * scales[c];
      }
      // dx = gamma r (dy - mean(dy) - n mean(dy n)) with n = (x - mean) r.
      const dyCentre = sums.map((sum) => sum / voxels);
      const scale = Float64Array.from(scales, (r, c) => r * gammas[c]);
      const slope = products.map((sum, c) => -sum / voxels * scales[c] ** 2 * scale[c]);
      const coefficients = { centre: means, dyCentre, scale, slope };
      affineGradient(backend, image, { dy: gradient + offset, dx: to + offset, coefficients });
    });
  }
  backend.values(dgamma).set(dgammas);
  backend.values(dbeta).set(dbetas);
  return [dx, dgamma, dbeta];
};
