import { channelSum } from "./channel_sum.ts";
import { gelu, geluGrad } from "./gelu.ts";
import { groupNorm, groupNormGrad } from "./group_norm.ts";
import { layerNorm, layerNormGrad } from "./layer_norm.ts";
import { pointwise, pointwiseBackpropFilter, pointwiseBackpropInput } from "./pointwise.ts";
import type { CpuKernel } from "./view.ts";

/** The chain of its kernels. */
export const invertedBottleneck: CpuKernel<"InvertedBottleneck"> = (inputs, { norm, epsilon }) => {
  const { x, gamma, beta, expand, expandBias, compress, compressBias, residual } = inputs;
  const normalize = norm === "layer" ? layerNorm : groupNorm;
  const [normalized, ...statistics] = normalize({ x, gamma, beta }, { epsilon });
  const [expanded] = pointwise({ x: normalized, filter: expand, bias: expandBias }, {});
  const [active] = gelu({ x: expanded }, {});
  const [y] = pointwise({ x: active, filter: compress, bias: compressBias }, {});
  if (residual) y.values = y.values.map((value, i) => value + residual.values[i]);
  return [y, ...statistics];
};

/** The chain of their gradients; everything inside is computed again. */
export const invertedBottleneckGrad: CpuKernel<"InvertedBottleneckGrad"> = (
  { x, dy, gamma, beta, expand, expandBias, compress, mean, reciprocalStd },
  { norm, epsilon },
) => {
  const normalize = norm === "layer" ? layerNorm : groupNorm;
  const normalizeGrad = norm === "layer" ? layerNormGrad : groupNormGrad;
  const [normalized] = normalize({ x, gamma, beta }, { epsilon });
  const [expanded] = pointwise({ x: normalized, filter: expand, bias: expandBias }, {});
  const [active] = gelu({ x: expanded }, {});
  const [dActive] = pointwiseBackpropInput({ dy, filter: compress }, {});
  const [dExpanded] = geluGrad({ x: expanded, dy: dActive }, {});
  const [dNormalized] = pointwiseBackpropInput({ dy: dExpanded, filter: expand }, {});
  return [
    ...normalizeGrad({ x, dy: dNormalized, gamma, mean, reciprocalStd }, {}),
    ...pointwiseBackpropFilter({ x: normalized, dy: dExpanded }, {}),
    ...channelSum({ x: dExpanded }, {}),
    ...pointwiseBackpropFilter({ x: active, dy }, {}),
    ...channelSum({ x: dy }, {}),
  ];
};
