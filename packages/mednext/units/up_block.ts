/**
 * The block that doubles the size and halves the channels.
 * @module
 */
import { depthwiseConv3dTranspose, pointwiseConv3dTranspose, tf } from "@mednext/kernels";
import { depthwiseOptions, inside, residualOptions } from "./inside.ts";
import { UnitLayer, type UnitWeights } from "./unit_layer.ts";

/**
 * Depthwise transposed convolution with stride 2, inverted bottleneck, plus a pointwise transposed convolution of
 * the input: 2n - 1 voxels along each axis, and so in the statistics of the normalisation. One zero voxel
 * in front of each axis makes them 2n.
 */
export class MedNeXtUpBlock extends UnitLayer {
  static className = "MedNeXtUpBlock";

  protected override outputSize(size: number): number {
    return 2 * size;
  }

  protected forward(x: tf.Tensor5D, weights: UnitWeights): tf.Tensor5D {
    const { unit } = this;
    const kernel = weights["conv1.weight"] as tf.Tensor4D;
    const mixed = depthwiseConv3dTranspose(x, kernel, depthwiseOptions(unit, weights, 2));
    const y = this.addResidual(inside(unit, mixed, { weights }), x, weights); // [N, 2D-1, 2H-1, 2W-1, C/2]
    const front: [number, number] = [1, 0];
    const depth: [number, number] = unit.dimensions === 2 ? [0, 0] : front;
    return tf.pad(y, [[0, 0], depth, front, front, [0, 0]]); //                  [N, 2D, 2H, 2W, C/2]
  }

  /** Comes last, when the depthwise convolution's output, twice as large, has gone. Frees y. */
  private addResidual(y: tf.Tensor5D, x: tf.Tensor5D, weights: UnitWeights): tf.Tensor5D {
    const { unit } = this;
    if (!unit.residual) return y;
    const filter = weights["res_conv.weight"] as tf.Tensor2D;
    const residual = pointwiseConv3dTranspose(x, filter, residualOptions(unit, weights));
    const sum = tf.add<tf.Tensor5D>(y, residual);
    y.dispose();
    residual.dispose();
    return sum;
  }
}

tf.serialization.registerClass(MedNeXtUpBlock);
