import type { KernelName } from "../../kernel_types.ts";
import { adamwStep } from "./adamw_step.ts";
import {
  depthwiseConv3d,
  depthwiseConv3dBackpropFilter,
  depthwiseConv3dBackpropInput,
} from "./depthwise_conv3d.ts";
import { gelu, geluGrad } from "./gelu.ts";
import { dilate3d, subsample3d } from "./grids.ts";
import { invertedBottleneck, invertedBottleneckGrad } from "./inverted_bottleneck.ts";
import {
  globalResponseNorm,
  globalResponseNormGrad,
  groupNorm,
  groupNormGrad,
  layerNorm,
  layerNormGrad,
} from "./norms.ts";
import {
  channelSum,
  pointwise,
  pointwiseBackpropFilter,
  pointwiseBackpropInput,
} from "./pointwise.ts";
import { resizeTrilinear, resizeTrilinearGrad } from "./resize_trilinear.ts";
import {
  regionSums,
  regionSumsGrad,
  segmentationSums,
  segmentationSumsGrad,
} from "./segmentation_sums.ts";
import type { TensorFlowKernel } from "./tensorflow_kernel.ts";

/** Every kernel of ours. */
export const KERNELS: { [K in KernelName]: TensorFlowKernel<K> } = {
  AdamWStep: adamwStep,
  ChannelSum: channelSum,
  DepthwiseConv3d: depthwiseConv3d,
  DepthwiseConv3dBackpropFilter: depthwiseConv3dBackpropFilter,
  DepthwiseConv3dBackpropInput: depthwiseConv3dBackpropInput,
  Dilate3d: dilate3d,
  Gelu: gelu,
  GeluGrad: geluGrad,
  GlobalResponseNorm: globalResponseNorm,
  GlobalResponseNormGrad: globalResponseNormGrad,
  GroupNorm: groupNorm,
  GroupNormGrad: groupNormGrad,
  InvertedBottleneck: invertedBottleneck,
  InvertedBottleneckGrad: invertedBottleneckGrad,
  LayerNorm: layerNorm,
  LayerNormGrad: layerNormGrad,
  Pointwise: pointwise,
  PointwiseBackpropFilter: pointwiseBackpropFilter,
  PointwiseBackpropInput: pointwiseBackpropInput,
  RegionSums: regionSums,
  RegionSumsGrad: regionSumsGrad,
  ResizeTrilinear: resizeTrilinear,
  ResizeTrilinearGrad: resizeTrilinearGrad,
  SegmentationSums: segmentationSums,
  SegmentationSumsGrad: segmentationSumsGrad,
  Subsample3d: subsample3d,
};
