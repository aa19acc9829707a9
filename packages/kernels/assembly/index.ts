// Every kernel. Addresses are bytes in the one shared memory; a kernel works on `begin..end` of its outermost
// loop and on nothing outside it, so that threads can share the work and the result does not depend on how.
export { channelAffine, channelAffineGradient } from "./channel_affine";
export { channelDeviations, channelProducts, channelSums, voxelProducts } from "./channel_statistics";
export { copyRows, dilate, subsample } from "./copies";
export { denseForward, packTaps } from "./dense";
export { denseFilterGradient } from "./dense_filter_gradient";
export { depthwiseForward, depthwiseTransposed } from "./depthwise";
export { depthwiseDense } from "./depthwise_dense";
export { depthwiseFilterGradient } from "./depthwise_filter_gradient";
export { adamwStep, add, multiply, scale, subtract, sumPartials } from "./elementwise";
export { gelu, geluGradient } from "./gelu";
export { bottleneckForward, bottleneckGradient } from "./inverted_bottleneck";
export { layerNorm, layerNormGradient } from "./layer_norm";
export { multiplyPanels, packPanels } from "./matrix_multiply";
export { multiplyTransposed } from "./outer_products";
export { rowMaxima, rowSums } from "./reductions";
export { regionSums, regionSumsGradient } from "./region_sums";
export { softmax } from "./softmax";
export { resizeTrilinear, resizeTrilinearGradient } from "./resize";
export { segmentationSums, segmentationSumsGradient } from "./segmentation_sums";
export { setThread } from "./thread";
