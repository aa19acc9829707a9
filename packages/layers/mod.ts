/**
 * ConvNeXt in three dimensions: layers for TensorFlow.js models, on the kernels of `@mednext/kernels`.
 *
 * Tensors are float32, channels last: `[N, D, H, W, C]`.
 *
 * @example
 * ```ts
 * import { DepthwiseConv3D, Gelu, GroupNormalization, PointwiseConv3D } from "@mednext/layers";
 * import { tf } from "@mednext/kernels";
 * import { assertEquals } from "@std/assert";
 *
 * const model = tf.sequential({
 *   layers: [
 *     new DepthwiseConv3D({ kernelSize: 3, inputShape: [4, 4, 4, 2] }),
 *     new GroupNormalization(),
 *     new PointwiseConv3D({ filters: 4 }),
 *     new Gelu(),
 *   ],
 * });
 * assertEquals(model.outputs[0].shape, [null, 4, 4, 4, 4]);
 * ```
 * @module
 */
export { ChannelNormalization } from "./channel_normalization.ts";
export { DepthwiseConv3D } from "./depthwise_conv3d.ts";
export type { DepthwiseConv3DOptions } from "./depthwise_conv3d.ts";
export { DepthwiseConv3DTranspose } from "./depthwise_conv3d_transpose.ts";
export { fanInUniform } from "./fan_in_uniform.ts";
export type { FanInUniformOptions, Initializer } from "./fan_in_uniform.ts";
export { Gelu } from "./gelu.ts";
export { GlobalResponseNormalization } from "./global_response_normalization.ts";
export { GroupNormalization } from "./group_normalization.ts";
export type { AffineLayer, NormalizationOptions } from "./affine_layer.ts";
export type { Shape, Triple, Weight } from "./layer_types.ts";
export type { ConvolutionOptions, LayerOptions } from "./layer_options.ts";
export { invertedBottleneck } from "./inverted_bottleneck.ts";
export type {
  InvertedBottleneckOptions,
  InvertedBottleneckWeights,
} from "./inverted_bottleneck.ts";
export { PointwiseConv3D } from "./pointwise_conv3d.ts";
export type { PointwiseConv3DOptions } from "./pointwise_conv3d.ts";
export { PointwiseConv3DTranspose } from "./pointwise_conv3d_transpose.ts";
