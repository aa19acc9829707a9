/**
 * The functions of `assembly/index.ts` that work on a range of items: their last two arguments are the first item and
 * the one past the last. What the arguments before them are is said in the sources.
 */
export type KernelName =
  | "adamwStep"
  | "add"
  | "bottleneckForward"
  | "bottleneckGradient"
  | "channelAffine"
  | "channelAffineGradient"
  | "channelDeviations"
  | "channelProducts"
  | "channelSums"
  | "copyRows"
  | "denseFilterGradient"
  | "denseForward"
  | "depthwiseDense"
  | "depthwiseFilterGradient"
  | "depthwiseForward"
  | "depthwiseTransposed"
  | "dilate"
  | "gelu"
  | "geluGradient"
  | "layerNorm"
  | "layerNormGradient"
  | "multiply"
  | "multiplyPanels"
  | "multiplyTransposed"
  | "packPanels"
  | "packTaps"
  | "regionSums"
  | "regionSumsGradient"
  | "resizeTrilinear"
  | "resizeTrilinearGradient"
  | "rowMaxima"
  | "rowSums"
  | "scale"
  | "segmentationSums"
  | "segmentationSumsGradient"
  | "softmax"
  | "subsample"
  | "subtract"
  | "sumPartials"
  | "voxelProducts";

/** The exports of the WebAssembly module. */
export type KernelExports = Record<KernelName, (...numbers: number[]) => void> & {
  /** Gives the instance its 128 bytes of scratch and the number of its thread. */
  setThread(scratch: number, index: number): void;
};
