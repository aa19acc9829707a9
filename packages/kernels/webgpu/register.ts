import type { KernelConfig, NamedAttrMap } from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-webgpu";
import type { KernelName, Kernels } from "../kernel_types.ts";
import { ensureRegistered } from "../run_kernel.ts";
import { tf } from "../tf.ts";
import { findAdapter } from "./adapter.ts";
import { DeviceBackend } from "./backend.ts";
import { checkPrecision } from "./check_precision.ts";
import { requestDevice } from "./device.ts";
import { adamwStep } from "./kernels/adamw_step.ts";
import { addN } from "./kernels/add_n.ts";
import { channelSum } from "./kernels/channel_sum.ts";
import { depthwiseConv3dBackpropFilter } from "./kernels/depthwise_backprop_filter.ts";
import { depthwiseConv3dBackpropInput } from "./kernels/depthwise_backprop_input.ts";
import { depthwiseConv3d } from "./kernels/depthwise_conv3d.ts";
import { gelu, geluGrad } from "./kernels/gelu.ts";
import { globalResponseNorm, globalResponseNormGrad } from "./kernels/global_response_norm.ts";
import { dilate3d, subsample3d } from "./kernels/grids.ts";
import { groupNorm, groupNormGrad } from "./kernels/group_norm.ts";
import { invertedBottleneck } from "./kernels/inverted_bottleneck.ts";
import { invertedBottleneckGrad } from "./kernels/inverted_bottleneck_grad.ts";
import { layerNorm, layerNormGrad } from "./kernels/layer_norm.ts";
import { mirrorPad, padV2, reverse } from "./kernels/pad.ts";
import { pointwise, pointwiseBackpropFilter, pointwiseBackpropInput } from "./kernels/pointwise.ts";
import { regionSums, regionSumsGrad } from "./kernels/region_sums.ts";
import { resizeTrilinear, resizeTrilinearGrad } from "./kernels/resize_trilinear.ts";
import { segmentationSums, segmentationSumsGrad } from "./kernels/segmentation_sums.ts";
import type { WebgpuKernel } from "./kernels/webgpu_kernel.ts";
import type { Precision } from "../precision.ts";

const NAME = "webgpu";

/** Every kernel of ours. */
const WEBGPU_KERNELS: { [K in KernelName]: WebgpuKernel<K> } = {
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

/** Kernels of TensorFlow.js that are wrong on this backend. */
const CORRECTED_KERNELS: Record<string, KernelConfig["kernelFunc"]> = {
  AddN: addN,
  MirrorPad: mirrorPad,
  PadV2: padV2,
  Reverse: reverse,
};

let backend: DeviceBackend | undefined;

/** Options of {@linkcode registerWebgpuBackend}. */
export interface WebgpuOptions {
  /**
   * How forward passes multiply matrices from now on.
   * @default {"float32"}
   */
  precision?: Precision;
}

/**
 * Registers the webgpu backend with TensorFlow.js; a second call sets the precision alone, unless the device was lost: then
 * there is a new one, and what the old one held is gone.
 *
 * @throws {Error} If WebGPU has no adapter, or none with float16 for mixed precision; then all stays as it was.
 */
export async function registerWebgpuBackend(
  { precision = "float32" }: WebgpuOptions = {},
): Promise<void> {
  if (backend === undefined || backend.isLost) {
    backend = await start(precision);
  } else {
    const { features, adapterInfo: info } = backend.device;
    checkPrecision(precision, { features, info });
  }
  backend.precision = precision;
}

async function start(precision: Precision): Promise<DeviceBackend> {
  const adapter = await findAdapter();
  if (adapter === undefined) {
    throw new Error(
      'Cannot set the backend "webgpu": expected a WebGPU adapter, found none (on Linux it needs a Vulkan driver)',
    );
  }
  checkPrecision(precision, adapter);
  const created = new DeviceBackend(await requestDevice(adapter), adapter.info);
  tf.removeBackend(NAME);
  tf.registerBackend(NAME, () => created);
  if (backend === undefined) registerKernels();
  return created;
}

function registerKernels(): void {
  ensureRegistered();
  for (const [kernelName, kernel] of Object.entries(WEBGPU_KERNELS)) {
    const run = kernel as WebgpuKernel<KernelName>;
    tf.registerKernel({ kernelName, backendName: NAME, kernelFunc: kernelFunc(run) });
  }
  for (const [kernelName, kernelFunc] of Object.entries(CORRECTED_KERNELS)) {
    tf.unregisterKernel(kernelName, NAME);
    tf.registerKernel({ kernelName, backendName: NAME, kernelFunc });
  }
}

function kernelFunc(kernel: WebgpuKernel<KernelName>): KernelConfig["kernelFunc"] {
  return ({ backend, inputs, attrs }) =>
    kernel(
      backend as DeviceBackend,
      inputs as unknown as Kernels[KernelName]["inputs"] & Record<string, never>,
      attrs as NamedAttrMap & Kernels[KernelName]["attrs"],
    );
}
