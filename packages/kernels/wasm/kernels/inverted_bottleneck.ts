import type { TensorInfo } from "@tensorflow/tfjs";
import { spatialSize } from "../../output_size.ts";
import type { WasmBackend } from "../backend.ts";
import {
  type BottleneckFields,
  floatBytes,
  plain,
  tileOf,
  withAllPanels,
  withBottleneck,
  withThreadScratch,
} from "./bottleneck.ts";
import { withChannelArrays } from "./channel_affine.ts";
import { imageStatistics } from "./image_statistics.ts";
import { optionalAddress, sizeOf, type WasmKernel } from "./wasm_kernel.ts";

export const invertedBottleneck: WasmKernel<"InvertedBottleneck"> = (
  backend,
  inputs,
  { norm, epsilon },
) => {
  const { x, gamma, beta, expand, compress } = inputs;
  const [batch, channels] = [x.shape[0], x.shape[4]];
  const [expanded, outputs] = compress.shape;
  const layer = norm === "layer";
  const statistics = layer ? x.shape.slice(0, 4) : [batch, channels];
  const y = backend.output([...x.shape.slice(0, 4), outputs]);
  const [mean, reciprocalStd] = [0, 1].map(() => backend.output(statistics));
  const all = [...Object.values(inputs) as TensorInfo[], y, mean, reciprocalStd];
  all.forEach((info) => backend.address(info));
  // Layer normalisation treats all images as one.
  const images = layer ? 1 : batch;
  const voxels = sizeOf(spatialSize(x.shape)) * (batch / images);
  const sizes = { channels, expanded, outputs };
  const tile = tileOf(voxels, sizes);
  const residual = optionalAddress(backend, inputs.residual);
  const matrices = {
    expand: plain(backend.address(expand), expand.shape, backend.address(inputs.expandBias)),
    compress: plain(
      backend.address(compress),
      compress.shape,
      backend.address(inputs.compressBias),
    ),
  };
  withAllPanels(backend, matrices, (panels) => {
    withThreadScratch(backend, floatBytes(tile * (channels + expanded)), (scratch) => {
      for (let n = 0; n < images; n++) {
        const from = backend.address(x) + n * voxels * channels * 4;
        const shift = n * voxels * outputs * 4;
        const run = (fields: BottleneckFields) => {
          const places = {
            ...{ x: from, y: backend.address(y) + shift },
            residual: residual && residual + shift,
          };
          const all = { ...sizes, tile, ...scratch, ...panels, ...places, ...fields };
          withBottleneck(backend, all, (address) => {
            backend.run("bottleneckForward", [address], { items: voxels, chunk: tile });
          });
        };
        if (layer) {
          const [centre, scale, shift] = [mean, gamma, beta].map((info) => backend.address(info));
          const each = { centre, scale, shift, reciprocalStd: backend.address(reciprocalStd) };
          run({ layer: 1, epsilon, ...each });
        } else {
          const image = { address: from, voxels, channels };
          const found = backend.statisticsOf(x)?.[n] ?? imageStatistics(backend, image);
          rowOf(backend, mean, n).set(found.mean);
          rowOf(backend, reciprocalStd, n)
            .set(found.variance.map((variance) => 1 / Math.sqrt(variance + epsilon)));
          const norms = { gamma, beta, mean, reciprocalStd };
          withGroupNorm(backend, { n, ...norms }, run);
        }
      }
    });
  });
  return [y, mean, reciprocalStd];
};

/** Values of one image of a tensor [N, C]. */
export function rowOf(backend: WasmBackend, info: TensorInfo, n: number): Float32Array {
  const channels = info.shape[1];
  return backend.values(info).subarray(n * channels, (n + 1) * channels);
}

/** Gives `use` what normalises the voxels of image n: centre, scale and shift of each channel. */
export function withGroupNorm(
  backend: WasmBackend,
  { n, gamma, beta, mean, reciprocalStd }:
    & Record<"gamma" | "beta" | "mean" | "reciprocalStd", TensorInfo>
    & { n: number },
  use: (fields: { centre: number; scale: number; shift: number }) => void,
): void {
  const gammas = backend.values(gamma);
  const factors = rowOf(backend, reciprocalStd, n).map((value, c) => value * gammas[c]);
  const arrays = [rowOf(backend, mean, n), factors, backend.values(beta)];
  withChannelArrays(backend, arrays, ([centre, scale, shift]) => use({ centre, scale, shift }));
}
