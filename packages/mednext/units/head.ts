/**
 * The last layer.
 * @module
 */
import { pointwiseConv3dTranspose, tf } from "@mednext/kernels";
import { UnitLayer, type UnitWeights } from "./unit_layer.ts";

/** Channels of a level to one logit for each class, voxel by voxel. */
export class MedNeXtHead extends UnitLayer {
  static className = "MedNeXtHead";

  protected forward(x: tf.Tensor5D, weights: UnitWeights): tf.Tensor5D {
    return pointwiseConv3dTranspose(x, weights["conv_out.weight"] as tf.Tensor2D, {
      bias: weights["conv_out.bias"] as tf.Tensor1D,
    });
  }
}

tf.serialization.registerClass(MedNeXtHead);
