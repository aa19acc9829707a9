import type { KernelConfig, NamedAttrMap } from "@tensorflow/tfjs";
import type { KernelName, Kernels } from "../kernel_types.ts";
import { ensureRegistered } from "../run_kernel.ts";
import { tf } from "../tf.ts";
import { WasmBackend } from "./backend.ts";
import {
  depthwiseConv3d,
  depthwiseConv3dBackpropFilter,
  depthwiseConv3dBackpropInput,
} from "./kernels/depthwise_conv3d.ts";
import { adamwStep, channelSum, gelu, geluGrad } from "./kernels/elementwise.ts";
import { globalResponseNorm, globalResponseNormGrad } from "./kernels/global_response_norm.ts";
import { dilate3d, subsample3d } from "./kernels/grids.ts";
import { groupNorm, groupNormGrad } from "./kernels/group_norm.ts";
import { invertedBottleneck } from "./kernels/inverted_bottleneck.ts";
import { invertedBottleneckGrad } from "./kernels/inverted_bottleneck_grad.ts";
import { layerNorm, layerNormGrad } from "./kernels/layer_norm.ts";
import { pointwise, pointwiseBackpropFilter, pointwiseBackpropInput } from "./kernels/pointwise.ts";
import { regionSums, regionSumsGrad } from "./kernels/region_sums.ts";
import { resizeTrilinear, resizeTrilinearGrad } from "./kernels/resize_trilinear.ts";
import { segmentationSums, segmentationSumsGrad } from "./kernels/segmentation_sums.ts";
import { STOCK_KERNELS, withFallback } from "./kernels/stock.ts";
import type { WasmKernel } from "./kernels/wasm_kernel.ts";
import { createRuntime, type RuntimeOptions, setThreads } from "./runtime.ts";

/** The kernels of ours that run in WebAssembly; any other is taken over from the cpu backend. */
const WASM_KERNELS: { [K in KernelName]?: WasmKernel<K> } = {
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

/** Settings of {@linkcode registerWasmBackend}. */
export interface RegisterWasmBackendOptions extends RuntimeOptions {
  /** Number of threads, this one among them; 0 means one per core. The results do not depend on it. */
  threads: number;
  /** The name under which TensorFlow.js knows the backend. @default {"wasm"} */
  name?: string;
}

/** The backends that are registered, or are about to be, by name. */
const backends = new Map<string, Promise<WasmBackend>>();

/**
 * Registers the wasm backend with TensorFlow.js; a second call changes only the number of threads.
 *
 * @throws {Error} If the threads do not start.
 */
export async function registerWasmBackend(options: RegisterWasmBackendOptions): Promise<void> {
  const { name = "wasm", threads } = options;
  const backend = backends.get(name) ?? createBackend(name, options);
  backends.set(name, backend);
  setThreads((await backend).runtime, threads || navigator.hardwareConcurrency);
}

async function createBackend(name: string, options: RuntimeOptions): Promise<WasmBackend> {
  const backend = new WasmBackend(await createRuntime(options));
  ensureRegistered();
  tf.copyRegisteredKernels("cpu", name);
  for (const [kernelName, kernel] of Object.entries(WASM_KERNELS)) {
    replaceKernel(name, kernelName, kernelFunc(kernel as WasmKernel<KernelName>));
  }
  for (const [kernelName, kernel] of Object.entries(STOCK_KERNELS)) {
    const stock = tf.getKernel(kernelName, "cpu").kernelFunc;
    replaceKernel(name, kernelName, withFallback(kernel, stock));
  }
  tf.registerBackend(name, () => backend);
  return backend;
}

function kernelFunc(kernel: WasmKernel<KernelName>): KernelConfig["kernelFunc"] {
  return ({ backend, inputs, attrs }) => {
    const wasm = backend as WasmBackend;
    return wasm.runWhole(() =>
      kernel(
        wasm,
        inputs as unknown as Kernels[KernelName]["inputs"] & Record<string, never>,
        attrs as NamedAttrMap & Kernels[KernelName]["attrs"],
      )
    );
  };
}

function replaceKernel(
  backendName: string,
  kernelName: string,
  kernelFunc: KernelConfig["kernelFunc"],
): void {
  tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({ kernelName, backendName, kernelFunc });
}
