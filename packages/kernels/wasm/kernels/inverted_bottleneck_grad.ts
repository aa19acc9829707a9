import type { TensorInfo } from "@tensorflow/tfjs";
import { spatialSize } from "../../output_size.ts";
import type { WasmBackend } from "../backend.ts";
import {
  type BottleneckFields,
  type BottleneckSizes,
  floatBytes,
  plain,
  tileOf,
  transposed,
  withAllPanels,
  withBottleneck,
  withThreadScratch,
} from "./bottleneck.ts";
import { affineGradient } from "./channel_affine.ts";
import { rowOf, withGroupNorm } from "./inverted_bottleneck.ts";
import { sizeOf, type WasmKernel } from "./wasm_kernel.ts";

/** Parts of the voxels whose sums are kept apart, at most; and bytes of all their sums, at most. */
const PARTS = 16;
const PART_BYTES = 33554432;

/** What the gradients of one part of the voxels are summed up in: see `bottleneckGradient`. */
interface Layout {
  /** Length of a part's sums. */
  bytes: number;
  /** Where each sum begins. */
  offsets: Record<"expand" | "compress" | "expandBias" | "compressBias" | "beta" | "gamma", number>;
}

function layoutOf({ channels, expanded, outputs }: BottleneckSizes): Layout {
  const lengths = {
    expand: floatBytes(channels * expanded),
    compress: floatBytes(expanded * outputs),
    expandBias: 2 * floatBytes(expanded),
    compressBias: 2 * floatBytes(outputs),
    beta: 2 * floatBytes(channels),
    gamma: 2 * floatBytes(channels),
  };
  let bytes = 0;
  const offsets = Object.fromEntries(
    Object.entries(lengths).map(([name, length]) => [name, (bytes += length) - length]),
  ) as Layout["offsets"];
  return { bytes: Math.ceil(bytes / 64) * 64, offsets };
}

export const invertedBottleneckGrad: WasmKernel<"InvertedBottleneckGrad"> = (
  backend,
  inputs,
  { norm, epsilon },
) => {
  const { x, dy, gamma, beta, expand, expandBias, compress, mean, reciprocalStd } = inputs;
  const [batch, channels] = [x.shape[0], x.shape[4]];
  const [expanded, outputs] = compress.shape;
  const sizes = { channels, expanded, outputs };
  const results = [x, gamma, beta, expand, expandBias, compress, { shape: [outputs] }]
    .map(({ shape }) => backend.output(shape));
  for (const info of [...Object.values(inputs) as TensorInfo[]]) backend.address(info);
  const layer = norm === "layer";
  const images = layer ? 1 : batch;
  const voxels = sizeOf(spatialSize(x.shape)) * (batch / images);
  const layout = layoutOf(sizes);
  const tile = tileOf(voxels, sizes);
  const parts = Math.max(1, Math.min(PARTS, Math.floor(PART_BYTES / layout.bytes / images)));
  const chunk = Math.ceil(voxels / parts / tile) * tile;
  const perImage = Math.ceil(voxels / chunk);
  const bytes = floatBytes(tile * channels) + 2 * floatBytes(tile * expanded) +
    4 * floatBytes(Math.max(channels, expanded, outputs));
  const matrices = {
    expand: plain(backend.address(expand), expand.shape, backend.address(expandBias)),
    expandTransposed: transposed(backend.address(expand), expand.shape),
    compressTransposed: transposed(backend.address(compress), compress.shape),
  };
  const at = (info: TensorInfo, n: number) =>
    backend.address(info) + n * voxels * info.shape[4] * 4;
  backend.withScratch(images * perImage * layout.bytes, (sums) => {
    withAllPanels(backend, matrices, (panels) => {
      withThreadScratch(backend, bytes, (scratch) => {
        for (let n = 0; n < images; n++) {
          const places = { x: at(x, n), dy: at(dy, n), dx: at(results[0], n) };
          const own = sums + n * perImage * layout.bytes;
          const run = (fields: BottleneckFields) => {
            const all = { ...sizes, tile, ...scratch, ...panels, ...places, ...fields };
            withBottleneck(backend, all, (address) => {
              const perTask = { argument: 1, bytes: layout.bytes };
              backend.run("bottleneckGradient", [address, own], { items: voxels, chunk, perTask });
            });
          };
          if (layer) {
            const [centre, scale, shift] = [mean, gamma, beta].map((info) => backend.address(info));
            const each = { centre, scale, shift, reciprocalStd: backend.address(reciprocalStd) };
            run({ layer: 1, epsilon, ...each });
          } else {
            withGroupNorm(backend, { n, gamma, beta, mean, reciprocalStd }, run);
          }
        }
      });
    });
    const parts = { address: sums, count: images * perImage, layout, sizes };
    sumMatrices(backend, parts, { expand: results[3], compress: results[5] });
    const totals = sumVectors(backend, parts);
    backend.values(results[4]).set(totals.expandBias);
    backend.values(results[6]).set(totals.compressBias);
    if (layer) {
      backend.values(results[1]).set(totals.gamma);
      backend.values(results[2]).set(totals.beta);
    } else {
      normGradients();
    }

    /** Group normalisation: from the gradient of the normalised voxels, in place. */
    function normGradients() {
      const gammas = backend.values(gamma);
      const dgammas = new Float64Array(channels);
      const dbetas = new Float64Array(channels);
      for (let n = 0; n < images; n++) {
        const address = sums + n * perImage * layout.bytes;
        const image = sumVectors(backend, { ...parts, address, count: perImage });
        const scales = rowOf(backend, reciprocalStd, n);
        for (let c = 0; c < channels; c++) {
          dbetas[c] += image.beta[c];
          dgammas[c] += image.gamma[c] * scales[c];
        }
        // dx = gamma r (d - mean(d) - n mean(d n)) with n = (x - mean) r and d the gradient of the normalised x.
        const scale = Float64Array.from(scales, (r, c) => r * gammas[c]);
        const coefficients = {
          centre: rowOf(backend, mean, n),
          dyCentre: image.beta.map((sum) => sum / voxels),
          scale,
          slope: image.gamma.map((sum, c) => -sum / voxels * scales[c] ** 2 * scale[c]),
        };
        const dx = at(results[0], n);
        const voxelsOf = { address: at(x, n), voxels, channels };
        affineGradient(backend, voxelsOf, { dy: dx, dx, coefficients });
      }
      backend.values(results[1]).set(dgammas);
      backend.values(results[2]).set(dbetas);
    }
  });
  return results;
};

/** The sums of several parts, one behind the other. */
interface Parts {
  address: number;
  count: number;
  layout: Layout;
  sizes: BottleneckSizes;
}

/** Adds the parts of the gradients of both matrices, in their order. */
function sumMatrices(
  backend: WasmBackend,
  { address, count, layout }: Parts,
  outputs: Record<"expand" | "compress", TensorInfo>,
): void {
  for (const name of ["expand", "compress"] as const) {
    const args = [address + layout.offsets[name], backend.address(outputs[name]), count];
    const items = sizeOf(outputs[name].shape);
    backend.run("sumPartials", [...args, layout.bytes / 4], { items, chunk: 4096 });
  }
}

/** Adds the parts of the sums in float64, in their order. */
function sumVectors(
  backend: WasmBackend,
  { address, count, layout, sizes: { channels, expanded, outputs } }: Parts,
): Record<"expandBias" | "compressBias" | "beta" | "gamma", Float64Array> {
  const total = (offset: number, length: number) => {
    const sums = new Float64Array(length);
    for (let part = 0; part < count; part++) {
      const from = address + part * layout.bytes + offset;
      const values = new Float64Array(backend.runtime.memory.buffer, from, length);
      for (let i = 0; i < length; i++) sums[i] += values[i];
    }
    return sums;
  };
  const { offsets } = layout;
  return {
    expandBias: total(offsets.expandBias, expanded),
    compressBias: total(offsets.compressBias, outputs),
    beta: total(offsets.beta, channels),
    gamma: total(offsets.gamma, channels),
  };
}
