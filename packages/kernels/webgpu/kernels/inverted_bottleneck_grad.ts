import type { TensorInfo } from "@tensorflow/tfjs";
import type { DeviceBackend } from "../backend.ts";
import { addTerms } from "./add_n.ts";
import { type BottleneckNorm, normalizing } from "./bottleneck_norm.ts";
import { type Slice, slicesOf } from "./bottleneck_slices.ts";
import { channelSum } from "./channel_sum.ts";
import { sumParts } from "./column_sums.ts";
import { GELU_WGSL } from "./gelu_wgsl.ts";
import { groupNormGrad } from "./group_norm.ts";
import { layerNormGrad } from "./layer_norm.ts";
import { depthParts, matmul } from "./matmul.ts";
import type { WebgpuKernel } from "./webgpu_kernel.ts";

const NAME = "InvertedBottleneckGrad";

/** What the passes over one slice share. */
interface Pass extends BottleneckNorm, Slice {
  dy: TensorInfo;
  expand: TensorInfo;
  expandBias: TensorInfo;
  compress: TensorInfo;
}

/** The expanded values are computed again, some voxels at a time, so that they take little memory. */
export const invertedBottleneckGrad: WebgpuKernel<"InvertedBottleneckGrad"> = (
  backend,
  inputs,
  { norm },
) => {
  const { x, dy, gamma, mean, reciprocalStd, expand, compress } = inputs;
  const [expanded, outputs] = compress.shape;
  const slices = slicesOf(x, expanded);
  const dNormalized = backend.output(x.shape);
  const expandSums = partialSums(backend, expand, slices);
  const compressSums = partialSums(backend, compress, slices);
  const biasSums = slices.map((slice) => {
    const pass = { ...inputs, norm, ...slice };
    const { activated, dExpanded } = expandAgain(backend, pass);
    normalizedGradient(backend, { pass, dExpanded, dNormalized });
    weightGradients(backend, { pass, activated, dExpanded, expandSums, compressSums });
    const bias = channelSum(backend, { x: dExpanded }, {}) as TensorInfo;
    backend.release(activated, dExpanded);
    return bias;
  });
  const normGrad = norm === "layer" ? layerNormGrad : groupNormGrad;
  const results = [
    ...normGrad(backend, { x, dy: dNormalized, gamma, mean, reciprocalStd }, {}) as TensorInfo[],
    totalOf(backend, expandSums, expand.shape),
    addTerms(backend, biasSums),
    totalOf(backend, compressSums, [expanded, outputs]),
    channelSum(backend, { x: dy }, {}) as TensorInfo,
  ];
  backend.release(dNormalized, ...biasSums);
  return results;
};

/** GELU of the expanded values of a slice, and the gradient of what it is taken of. */
function expandAgain(
  backend: DeviceBackend,
  pass: Pass,
): { activated: TensorInfo; dExpanded: TensorInfo } {
  const { dy, expand, expandBias, compress, base, count } = pass;
  const [channels, expanded] = expand.shape;
  const [activated, dExpanded] = [0, 1].map(() => backend.output([count, expanded]));
  const norm = normalizing(pass);
  matmul(backend, {
    ...{ name: NAME, rows: count, depth: channels, columns: expanded },
    inputs: { ...norm.inputs, expand, expandBias },
    outputs: { activated },
    sizes: { ...norm.sizes, base },
    declarations: norm.declarations,
    left: "normalized(p.base + row, k)",
    right: "expand[k * p.columns + column]",
    store: "activated[row * p.columns + column] = value + expandBias[column];",
  });
  matmul(backend, {
    ...{ name: NAME, rows: count, depth: compress.shape[1], columns: expanded },
    inputs: { dy, compress },
    outputs: { activated, dExpanded },
    sizes: { base },
    declarations: GELU_WGSL,
    left: "dy[(p.base + row) * p.depth + k]",
    right: "compress[column * p.depth + k]",
    rightAlong: "k",
    store: `
  let at = row * p.columns + column;
  let before = activated[at];
  activated[at] = gelu(before);
  dExpanded[at] = value * gelu_slope(before);`,
  });
  return { activated, dExpanded };
}

function normalizedGradient(
  backend: DeviceBackend,
  { pass: { expand, base, count }, dExpanded, dNormalized }:
    & { pass: Pass }
    & Record<"dExpanded" | "dNormalized", TensorInfo>,
): void {
  const [columns, depth] = expand.shape;
  matmul(backend, {
    ...{ name: NAME, rows: count, depth, columns },
    inputs: { dExpanded, expand },
    outputs: { dNormalized },
    sizes: { base },
    left: "dExpanded[row * p.depth + k]",
    right: "expand[column * p.depth + k]",
    rightAlong: "k",
    store: "dNormalized[(p.base + row) * p.columns + column] = value;",
  });
}

/** Adds a slice to the gradients of both matrices. */
function weightGradients(
  backend: DeviceBackend,
  { pass, activated, dExpanded, expandSums, compressSums }:
    & { pass: Pass; expandSums: Sums; compressSums: Sums }
    & Record<"activated" | "dExpanded", TensorInfo>,
): void {
  const { dy, expand, compress, base, count } = pass;
  const norm = normalizing(pass);
  const store = `
  let at = (part * p.rows + row) * p.columns + column;
  if (p.base == 0) { partial[at] = value; } else { partial[at] += value; }`;
  matmul(backend, {
    ...{ name: NAME, rows: expand.shape[0], depth: count, columns: expand.shape[1] },
    inputs: { ...norm.inputs, dExpanded },
    outputs: { partial: expandSums.partial },
    sizes: { ...norm.sizes, base },
    declarations: norm.declarations,
    left: "normalized(p.base + k, row)",
    leftAlong: "row",
    right: "dExpanded[k * p.columns + column]",
    ...{ store, parts: expandSums.parts },
  });
  matmul(backend, {
    ...{ name: NAME, rows: compress.shape[0], depth: count, columns: compress.shape[1] },
    inputs: { activated, dy },
    outputs: { partial: compressSums.partial },
    sizes: { base },
    left: "activated[k * p.rows + row]",
    leftAlong: "row",
    right: "dy[(p.base + k) * p.columns + column]",
    ...{ store, parts: compressSums.parts },
  });
}

/** Parts of the gradient of a matrix, to which every slice adds. */
interface Sums {
  partial: TensorInfo;
  parts: number;
}

/** As many parts as the first slice is worth, which has the most voxels. */
function partialSums(backend: DeviceBackend, { shape }: TensorInfo, [{ count }]: Slice[]): Sums {
  const [rows, columns] = shape;
  const parts = depthParts({ rows, columns, depth: count });
  return { partial: backend.output([parts, rows, columns]), parts };
}

function totalOf(backend: DeviceBackend, sums: Sums, shape: number[]): TensorInfo {
  const total = backend.output(shape);
  const { partial, parts } = sums;
  sumParts(backend, { name: NAME, partial, total, parts });
  backend.release(partial);
  return total;
}
