/**
 * Pointwise transposed convolution as a layer.
 * @module
 */
import { pointwiseConv3dTranspose, tf } from "@mednext/kernels";
import { oneTensor } from "./internal/arguments.ts";
import { PointwiseConv3D } from "./pointwise_conv3d.ts";

/**
 * The transposed convolution with a kernel of one voxel: `[N, D, H, W, C]` to `[N, D', H', W', filters]` with
 * D' = (D - 1)·strides + 1. With stride 2 the product is at every other voxel, the bias everywhere.
 *
 * Takes the settings of {@linkcode PointwiseConv3D} and has its weights; equal to PyTorch's
 * `ConvTranspose3d(kernel_size=1)`, whose fan-in is the number of *output* channels.
 *
 * @example
 * ```ts
 * import { PointwiseConv3DTranspose } from "@mednext/layers";
 * import { assertEquals } from "@std/assert";
 *
 * const layer = new PointwiseConv3DTranspose({ filters: 4, strides: 2 });
 * assertEquals(layer.computeOutputShape([null, 4, 4, 4, 8]), [null, 7, 7, 7, 4]);
 * ```
 */
export class PointwiseConv3DTranspose extends PointwiseConv3D {
  /** The name under which TensorFlow.js saves it. */
  static override className = "PointwiseConv3DTranspose";

  /**
   * Convolves.
   * @param inputs One tensor `[N, D, H, W, C]`.
   * @returns One tensor.
   */
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return pointwiseConv3dTranspose(oneTensor(inputs), this.kernel.read() as tf.Tensor2D, {
      bias: this.bias?.read() as tf.Tensor1D | undefined,
      strides: this.strides,
    });
  }

  /**
   * What PyTorch counts as the fan-in of the weights.
   * @param _channels Channels of the input.
   * @returns The fan-in.
   */
  protected override fanIn(_channels: number): number {
    return this.filters;
  }

  /**
   * The size of the output along one axis.
   * @param size The size of the input.
   * @param axis 0, 1 or 2.
   * @returns The size of the output.
   */
  protected override outputSize(size: number, axis: number): number {
    return (size - 1) * this.strides[axis] + 1;
  }
}

tf.serialization.registerClass(PointwiseConv3DTranspose);
