/**
 * TensorFlow.js and what it lacks for three-dimensional ConvNets: depthwise and pointwise convolutions,
 * normalisations, the exact GELU and more, each with its gradient, and backends that run them.
 *
 * Tensors are float32, channels last: `[N, D, H, W, C]`.
 *
 * @module
 */
export { tf } from "./tf.ts";
export {
  type BackendName,
  type Precision,
  setBackend,
  type SetBackendOptions,
} from "./set_backend.ts";
export type { TensorFlowOptions } from "./tensorflow/options.ts";
export { type BackendReport, probeBackends, type ProbeBackendsOptions } from "./probe_backends.ts";
export { memory, type MemoryUse, resetPeakMemory } from "./memory.ts";
export { v8Flags } from "./v8_flags.ts";
export { hasV8Flags } from "./has_v8_flags.ts";
export type { Triple } from "./triple.ts";
export {
  type AdamWResult,
  adamwStep,
  type AdamWStepOptions,
  type AdamWTensors,
} from "./ops/adamw_step.ts";
export { conv3d, type Conv3dOptions } from "./ops/conv3d.ts";
export { conv3dTranspose, type Conv3dTransposeOptions } from "./ops/conv3d_transpose.ts";
export { depthwiseConv3d, type DepthwiseConv3dOptions } from "./ops/depthwise_conv3d.ts";
export {
  depthwiseConv3dTranspose,
  type DepthwiseConv3dTransposeOptions,
} from "./ops/depthwise_conv3d_transpose.ts";
export { gelu } from "./ops/gelu.ts";
export { globalResponseNorm, type GlobalResponseNormOptions } from "./ops/global_response_norm.ts";
export { groupNorm, type GroupNormOptions } from "./ops/group_norm.ts";
export {
  invertedBottleneck,
  type InvertedBottleneckOptions,
  type InvertedBottleneckWeights,
} from "./ops/inverted_bottleneck.ts";
export { layerNorm, type LayerNormOptions } from "./ops/layer_norm.ts";
export { pointwiseConv3d, type PointwiseConv3dOptions } from "./ops/pointwise_conv3d.ts";
export {
  pointwiseConv3dTranspose,
  type PointwiseConv3dTransposeOptions,
} from "./ops/pointwise_conv3d_transpose.ts";
export { regionSums, type RegionSumsOptions } from "./ops/region_sums.ts";
export { rematerialize } from "./ops/rematerialize.ts";
export { resizeTrilinear } from "./ops/resize_trilinear.ts";
export { segmentationSums, type SegmentationSumsOptions } from "./ops/segmentation_sums.ts";
export { type ValueAndGradients, valueAndGradients } from "./ops/value_and_gradients.ts";
