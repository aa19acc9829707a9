import { tf } from "../../tf.ts";
import { gelu, normalCdf, slopeOfGelu } from "./gelu.ts";
import { groupNorm, groupNormGrad, layerNorm, layerNormGrad } from "./norms.ts";
import { rows, withBias } from "./pointwise.ts";
import { matMul } from "./product.ts";
import type { Device, TensorFlowKernel } from "./tensorflow_kernel.ts";

/** Some of the voxels at a time, so that the expanded activations are never in memory as a whole. */
export const invertedBottleneck: TensorFlowKernel<"InvertedBottleneck"> = (
  inputs,
  { norm, epsilon },
  device,
) => {
  const { x, gamma, beta, expand, expandBias, compress, compressBias, residual } = inputs;
  const normalize = norm === "layer" ? layerNorm : groupNorm;
  const [normalized, ...statistics] = outputs(normalize({ x, gamma, beta }, { epsilon }, device));
  const parts = tiles(normalized, expand, device).map(([begin, count]) =>
    tf.tidy(() => {
      const part = tf.slice(rows(normalized), [begin, 0], [count, -1]);
      const expanded = tf.add(matMul(part, expand, { device }), expandBias);
      const active = gelu({ x: expanded }, {}, device) as tf.Tensor;
      return withBias(matMul(active, compress, { device }), compressBias);
    })
  );
  const y = tf.reshape(tf.concat(parts, 0), [...x.shape.slice(0, -1), compress.shape[1]!]);
  return [residual === undefined ? y : tf.add(y, residual), ...statistics];
};

/** Everything inside is computed again, some of the voxels at a time. */
export const invertedBottleneckGrad: TensorFlowKernel<"InvertedBottleneckGrad"> = (
  inputs,
  { norm },
  device,
) => {
  const { x, dy, gamma, beta, expand, mean, reciprocalStd } = inputs;
  const normalized = tf.add(tf.mul(standardized(inputs, norm), gamma), beta);
  const parts = tiles(normalized, expand, device).map(([begin, count]) =>
    tf.tidy(() => {
      const part = (whole: tf.Tensor) => tf.slice(rows(whole), [begin, 0], [count, -1]);
      return tileGrad({ ...inputs, normalized: part(normalized), dy: part(dy) }, device);
    })
  );
  const dNormalized = tf.reshape(tf.concat(parts.map(([first]) => first), 0), x.shape);
  const total = (i: number) => tf.addN(parts.map((part) => part[i]));
  const normalizeGrad = norm === "layer" ? layerNormGrad : groupNormGrad;
  return [
    ...outputs(
      normalizeGrad({ x, dy: dNormalized, gamma, mean, reciprocalStd }, {}, device),
    ),
    ...[1, 2, 3].map(total),
    tf.sum(rows(dy), 0),
  ];
};

type Weights = Record<"expand" | "expandBias" | "compress", tf.Tensor>;

/** The gradients of one tile: of its normalised voxels, of the expansion and its bias, of the compression. */
function tileGrad(
  { normalized, dy, expand, expandBias, compress }:
    & Weights
    & { normalized: tf.Tensor; dy: tf.Tensor },
  device: Device,
): tf.Tensor[] {
  const expanded = tf.add(matMul(normalized, expand, { device }), expandBias);
  const cdf = normalCdf(expanded);
  const dActive = matMul(dy, compress, { device, transposeB: true });
  const dExpanded = tf.mul(dActive, slopeOfGelu(expanded, cdf));
  return [
    matMul(dExpanded, expand, { device, transposeB: true }),
    matMul(normalized, dExpanded, { device, transposeA: true }),
    tf.sum(dExpanded, 0),
    matMul(tf.mul(expanded, cdf), dy, { device, transposeA: true }),
  ];
}

function standardized(
  { x, mean, reciprocalStd }: Record<"x" | "mean" | "reciprocalStd", tf.Tensor>,
  norm: "group" | "layer",
): tf.Tensor {
  const [n, d, h, w, c] = x.shape;
  const kept = norm === "layer" ? [n, d, h, w, 1] : [n, 1, 1, 1, c];
  return tf.mul(tf.sub(x, tf.reshape(mean, kept)), tf.reshape(reciprocalStd, kept));
}

/** First voxel and number of voxels of each tile. */
function tiles(
  x: tf.Tensor,
  expand: tf.Tensor,
  { expandedAtOnce }: Device,
): [begin: number, count: number][] {
  const voxels = x.size / x.shape.at(-1)!;
  const height = Math.max(1, Math.floor(expandedAtOnce / expand.shape[1]!));
  return Array.from({ length: Math.ceil(voxels / height) }, (_, i) => {
    return [i * height, Math.min(height, voxels - i * height)];
  });
}

function outputs(tensors: tf.Tensor | tf.Tensor[]): tf.Tensor[] {
  return Array.isArray(tensors) ? tensors : [tensors];
}
