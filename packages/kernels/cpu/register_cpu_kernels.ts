import type { KernelConfig, TensorInfo } from "@tensorflow/tfjs";
import type { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import type { KernelName, Kernels } from "../kernel_types.ts";
import { tf } from "../tf.ts";
import { adamwStep } from "./adamw_step.ts";
import { channelSum } from "./channel_sum.ts";
import {
  depthwiseConv3d,
  depthwiseConv3dBackpropFilter,
  depthwiseConv3dBackpropInput,
} from "./depthwise_conv3d.ts";
import { gelu, geluGrad } from "./gelu.ts";
import { globalResponseNorm, globalResponseNormGrad } from "./global_response_norm.ts";
import { groupNorm, groupNormGrad } from "./group_norm.ts";
import { invertedBottleneck, invertedBottleneckGrad } from "./inverted_bottleneck.ts";
import { layerNorm, layerNormGrad } from "./layer_norm.ts";
import { pointwise, pointwiseBackpropFilter, pointwiseBackpropInput } from "./pointwise.ts";
import { regionSums, regionSumsGrad } from "./region_sums.ts";
import { resizeTrilinear, resizeTrilinearGrad } from "./resize_trilinear.ts";
import { segmentationSums, segmentationSumsGrad } from "./segmentation_sums.ts";
import { dilate3d, subsample3d } from "./subsample3d.ts";
import type { CpuKernel, View } from "./view.ts";

/** Every kernel of the cpu backend: plain loops that sum in float64. */
const CPU_KERNELS: { [K in KernelName]: CpuKernel<K> } = {
  DepthwiseConv3d: depthwiseConv3d,
  DepthwiseConv3dBackpropInput: depthwiseConv3dBackpropInput,
  DepthwiseConv3dBackpropFilter: depthwiseConv3dBackpropFilter,
  ChannelSum: channelSum,
  Pointwise: pointwise,
  PointwiseBackpropInput: pointwiseBackpropInput,
  PointwiseBackpropFilter: pointwiseBackpropFilter,
  Subsample3d: subsample3d,
  Dilate3d: dilate3d,
  GroupNorm: groupNorm,
  GroupNormGrad: groupNormGrad,
  LayerNorm: layerNorm,
  LayerNormGrad: layerNormGrad,
  Gelu: gelu,
  GeluGrad: geluGrad,
  GlobalResponseNorm: globalResponseNorm,
  GlobalResponseNormGrad: globalResponseNormGrad,
  InvertedBottleneck: invertedBottleneck,
  InvertedBottleneckGrad: invertedBottleneckGrad,
  RegionSums: regionSums,
  RegionSumsGrad: regionSumsGrad,
  ResizeTrilinear: resizeTrilinear,
  ResizeTrilinearGrad: resizeTrilinearGrad,
  SegmentationSums: segmentationSums,
  SegmentationSumsGrad: segmentationSumsGrad,
  AdamWStep: adamwStep,
};

let registered = false;

/** Registers every kernel of ours for the cpu backend; a second call does nothing. */
export function registerCpuKernels(): void {
  if (registered) return;
  registered = true;
  for (const [name, kernel] of Object.entries(CPU_KERNELS)) {
    tf.registerKernel(kernelConfig(name as KernelName, kernel as CpuKernel<KernelName>));
  }
}

/** Wraps a function over views into what TensorFlow.js runs. */
function kernelConfig<K extends KernelName>(kernelName: K, kernel: CpuKernel<K>): KernelConfig {
  return {
    kernelName,
    backendName: "cpu",
    kernelFunc({ inputs, attrs, backend }) {
      const cpu = backend as MathBackendCPU;
      const views: Record<string, View> = {};
      for (const [name, info] of Object.entries(inputs) as [string, TensorInfo][]) {
        const values = cpu.data.get(info.dataId).values as Float32Array;
        views[name] = { shape: info.shape, values };
      }
      const outputs = kernel(
        views as Parameters<CpuKernel<K>>[0],
        attrs as unknown as Kernels[K]["attrs"],
      );
      const infos = outputs.map(({ shape, values }) =>
        cpu.makeTensorInfo(shape, "float32", values)
      );
      return infos.length === 1 ? infos[0] : infos;
    },
  };
}
