import { tf } from "../tf.ts";
import { CONV3D_BACKPROP_INPUT_GRADIENT } from "./conv3d_backprop_input.ts";
import { CONVOLUTION_GRADIENTS } from "./convolutions.ts";
import { ELEMENTWISE_GRADIENTS } from "./elementwise.ts";
import { INVERTED_BOTTLENECK_GRADIENT } from "./inverted_bottleneck.ts";
import { NORMALIZATION_GRADIENTS } from "./normalizations.ts";
import { REGION_SUMS_GRADIENT } from "./region_sums.ts";
import { SEGMENTATION_SUMS_GRADIENT } from "./segmentation_sums.ts";
import { STRIDED_SLICE_GRADIENT } from "./strided_slice.ts";

let registered = false;

/** Registers every gradient, once for all backends; a second call does nothing. */
export function registerGradients(): void {
  if (registered) return;
  registered = true;
  const gradients = [
    ...CONVOLUTION_GRADIENTS,
    ...NORMALIZATION_GRADIENTS,
    ...ELEMENTWISE_GRADIENTS,
    INVERTED_BOTTLENECK_GRADIENT,
    CONV3D_BACKPROP_INPUT_GRADIENT,
    REGION_SUMS_GRADIENT,
    SEGMENTATION_SUMS_GRADIENT,
    STRIDED_SLICE_GRADIENT,
  ];
  for (const gradient of gradients) tf.registerGradient(gradient);
}
