import { spatialSize } from "../../output_size.ts";
import { affine, affineGradient, withChannelArrays } from "./channel_affine.ts";
import { channelSums } from "./channel_sums.ts";
import { sizeOf, type WasmKernel } from "./wasm_kernel.ts";

export const globalResponseNorm: WasmKernel<"GlobalResponseNorm"> = (
  backend,
  { x, gamma, beta },
  { epsilon },
) => {
  const [batch, channels] = [x.shape[0], x.shape[4]];
  const voxels = sizeOf(spatialSize(x.shape));
  const y = backend.output(x.shape);
  const norm = backend.output([batch, channels]);
  const [from, to] = [x, y, gamma, beta].map((info) => backend.address(info));
  const gammas = backend.values(gamma);
  const zeros = new Float32Array(channels);
  for (let n = 0; n < batch; n++) {
    const offset = n * voxels * channels * 4;
    const image = { address: from + offset, voxels, channels };
    const norms = withChannelArrays(backend, [zeros], ([centre]) => {
      const args = [image.address, centre];
      const request = { kernel: "channelDeviations" as const, args, voxels, channels, kinds: 2 };
      return channelSums(backend, request)[1].map(Math.sqrt);
    });
    backend.values(norm).set(norms, n * channels);
    const divisor = mean(norms) + epsilon;
    const scale = norms.map((value, c) => gammas[c] * (value / divisor) + 1);
    const arrays = [zeros, scale, backend.values(beta)];
    withChannelArrays(backend, arrays, ([centre, factor, shift]) => {
      affine(backend, image, { centre, factor, shift, y: to + offset });
    });
  }
  return [y, norm];
};

export const globalResponseNormGrad: WasmKernel<"GlobalResponseNormGrad"> = (
  backend,
  { x, dy, gamma, norm },
  { epsilon },
) => {
  const [batch, channels] = [x.shape[0], x.shape[4]];
  const voxels = sizeOf(spatialSize(x.shape));
  const [dx, dgamma, dbeta] = [x.shape, [channels], [channels]].map((s) => backend.output(s));
  const [from, gradient, to] = [x, dy, dx, gamma, norm].map((info) => backend.address(info));
  const gammas = backend.values(gamma);
  const zeros = new Float32Array(channels);
  const dgammas = new Float64Array(channels);
  const dbetas = new Float64Array(channels);
  for (let n = 0; n < batch; n++) {
    const offset = n * voxels * channels * 4;
    const image = { address: from + offset, voxels, channels };
    const norms = Float64Array.from(
      backend.values(norm).subarray(n * channels, (n + 1) * channels),
    );
    const [sums, products] = withChannelArrays(backend, [zeros], ([centre]) => {
      const args = [image.address, gradient + offset, centre];
      const request = { kernel: "channelProducts" as const, args, voxels, channels, kinds: 2 };
      return channelSums(backend, request);
    });
    const divisor = mean(norms) + epsilon;
    const response = norms.map((value) => value / divisor);
    for (let c = 0; c < channels; c++) {
      dgammas[c] += response[c] * products[c];
      dbetas[c] += sums[c];
    }
    // The response of every channel also depends on every norm, through their mean.
    const dresponse = products.map((sum, c) => gammas[c] * sum);
    const shared = mean(dresponse.map((value, c) => value * norms[c])) / divisor ** 2;
    const coefficients = {
      ...{ centre: zeros, dyCentre: zeros },
      scale: response.map((value, c) => gammas[c] * value + 1),
      slope: norms.map((value, c) => value === 0 ? 0 : (dresponse[c] / divisor - shared) / value),
    };
    affineGradient(backend, image, { dy: gradient + offset, dx: to + offset, coefficients });
  }
  backend.values(dgamma).set(dgammas);
  backend.values(dbeta).set(dbetas);
  return [dx, dgamma, dbeta];
};

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
