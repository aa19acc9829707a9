/**
 * The block that halves the size and doubles the channels.
 * @module
 */
import { depthwiseConv3d, pointwiseConv3d, tf } from "@mednext/kernels";
import { depthwiseOptions, inside, residualOptions } from "./inside.ts";
import { UnitLayer, type UnitWeights } from "./unit_layer.ts";

/**
 * Depthwise convolution with stride 2, inverted bottleneck, plus a pointwise convolution of every other voxel of
 * the input. The padding is explicit: TensorFlow's `same` is one voxel off at stride 2.
 */
export class MedNeXtDownBlock extends UnitLayer {
  static className = "MedNeXtDownBlock";

  protected override outputSize(size: number): number {
    return Math.ceil(size / 2);
  }

  protected forward(x: tf.Tensor5D, weights: UnitWeights): tf.Tensor5D {
    const { unit } = this;
    const kernel = weights["conv1.weight"] as tf.Tensor4D;
    const mixed = depthwiseConv3d(x, kernel, depthwiseOptions(unit, weights, 2)); // [N, D/2, H/2, W/2, C]
    if (!unit.residual) return inside(unit, mixed, { weights });
    const filter = weights["res_conv.weight"] as tf.Tensor2D;
    const residual = pointwiseConv3d(x, filter, residualOptions(unit, weights));
    return inside(unit, mixed, { weights, residual }); //                            [N, D/2, H/2, W/2, 2C]
  }
}

tf.serialization.registerClass(MedNeXtDownBlock);
