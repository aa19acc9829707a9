import { gelu, geluGrad } from "./gelu.ts";
import { channelSum } from "./channel_sum.ts";
import { groupNorm, groupNormGrad } from "./group_norm.ts";
import { layerNorm, layerNormGrad } from "./layer_norm.ts";
import { pointwise, pointwiseBackpropFilter, pointwiseBackpropInput } from "./pointwise.ts";
import { sizeOf, type WebgpuKernel } from "./webgpu_kernel.ts";
import type { TensorInfo } from "@tensorflow/tfjs";

export const invertedBottleneck: WebgpuKernel<"InvertedBottleneck"> = (
  backend,
  inputs,
  { norm, epsilon },
) => {
  const { x, gamma, beta, expand, expandBias, compress, compressBias, residual } = inputs;
  const normalize = norm === "layer" ? layerNorm : groupNorm;
  const [normalized, ...statistics] = normalize(backend, { x, gamma, beta }, {
    epsilon,
  }) as TensorInfo[];
  const expanded = pointwise(
    backend,
    { x: normalized, filter: expand, bias: expandBias },
    {},
  ) as TensorInfo;
  const active = gelu(backend, { x: expanded }, {}) as TensorInfo;
  const y = pointwise(
    backend,
    { x: active, filter: compress, bias: compressBias },
    {},
  ) as TensorInfo;
  backend.release(normalized, expanded, active);
  if (!residual) return [y, ...statistics];
  const sum = backend.output(y.shape);
  backend.run({
    name: "InvertedBottleneck",
    inputs: { y, residual },
    outputs: { sum },
    invocations: sizeOf(y.shape),
    body: "sum[index] = y[index] + residual[index];",
  });
  backend.release(y);
  return [sum, ...statistics];
};

export const invertedBottleneckGrad: WebgpuKernel<"InvertedBottleneckGrad"> = (
  backend,
  { x, dy, gamma, beta, expand, expandBias, compress, mean, reciprocalStd },
  { norm, epsilon },
) => {
  const normalize = norm === "layer" ? layerNorm : groupNorm;
  const normalizeGrad = norm === "layer" ? layerNormGrad : groupNormGrad;
  const [normalized, m, r] = normalize(backend, { x, gamma, beta }, { epsilon }) as TensorInfo[];
  const expanded = pointwise(
    backend,
    { x: normalized, filter: expand, bias: expandBias },
    {},
  ) as TensorInfo;
  const active = gelu(backend, { x: expanded }, {}) as TensorInfo;
  const dActive = pointwiseBackpropInput(backend, { dy, filter: compress }, {}) as TensorInfo;
  const dExpanded = geluGrad(backend, { x: expanded, dy: dActive }, {}) as TensorInfo;
  const dNormalized = pointwiseBackpropInput(
    backend,
    { dy: dExpanded, filter: expand },
    {},
  ) as TensorInfo;
  const results = [
    ...normalizeGrad(
      backend,
      { x, dy: dNormalized, gamma, mean, reciprocalStd },
      {},
    ) as TensorInfo[],
    pointwiseBackpropFilter(backend, { x: normalized, dy: dExpanded }, {}) as TensorInfo,
    channelSum(backend, { x: dExpanded }, {}) as TensorInfo,
    pointwiseBackpropFilter(backend, { x: active, dy }, {}) as TensorInfo,
    channelSum(backend, { x: dy }, {}) as TensorInfo,
  ];
  backend.release(normalized, m, r, expanded, active, dActive, dExpanded, dNormalized);
  return results;
};
