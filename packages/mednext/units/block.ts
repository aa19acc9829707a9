/**
 * The block that keeps size and channels.
 * @module
 */
import { depthwiseConv3d, tf } from "@mednext/kernels";
import { depthwiseOptions, inside } from "./inside.ts";
import { UnitLayer, type UnitWeights } from "./unit_layer.ts";

/** Depthwise convolution, inverted bottleneck, plus the input. */
export class MedNeXtBlock extends UnitLayer {
  static className = "MedNeXtBlock";

  protected forward(x: tf.Tensor5D, weights: UnitWeights): tf.Tensor5D {
    const { unit } = this;
    const kernel = weights["conv1.weight"] as tf.Tensor4D;
    const mixed = depthwiseConv3d(x, kernel, depthwiseOptions(unit, weights, 1));
    return inside(unit, mixed, { weights, residual: unit.residual ? x : undefined });
  }
}

tf.serialization.registerClass(MedNeXtBlock);
