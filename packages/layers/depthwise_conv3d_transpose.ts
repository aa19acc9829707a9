/**
 * Depthwise transposed convolution as a layer.
 * @module
 */
import { depthwiseConv3dTranspose, tf } from "@mednext/kernels";
import { DepthwiseConv3D } from "./depthwise_conv3d.ts";
import { oneTensor } from "./internal/arguments.ts";

/**
 * The transposed convolution of each channel with its own kernel: `[N, D, H, W, C]` to `[N, D', H', W', C]`
 * with D' = (D - 1)·strides - 2·padding + kernelSize.
 *
 * Takes the settings of {@linkcode DepthwiseConv3D} and has its weights; equal to PyTorch's
 * `ConvTranspose3d(groups=C)`.
 *
 * @example
 * ```ts
 * import { DepthwiseConv3DTranspose } from "@mednext/layers";
 * import { assertEquals } from "@std/assert";
 *
 * const layer = new DepthwiseConv3DTranspose({ kernelSize: 3, strides: 2 });
 * assertEquals(layer.computeOutputShape([null, 4, 4, 4, 8]), [null, 7, 7, 7, 8]);
 * ```
 */
export class DepthwiseConv3DTranspose extends DepthwiseConv3D {
  /** The name under which TensorFlow.js saves it. */
  static override className = "DepthwiseConv3DTranspose";

  /**
   * Convolves.
   * @param inputs One tensor `[N, D, H, W, C]`.
   * @returns One tensor.
   */
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return depthwiseConv3dTranspose(oneTensor(inputs), this.kernel.read() as tf.Tensor4D, {
      bias: this.bias?.read() as tf.Tensor1D | undefined,
      strides: this.strides,
      padding: this.padding,
    });
  }

  /**
   * The size of the output along one axis.
   * @param size The size of the input.
   * @param axis 0, 1 or 2.
   * @returns The size of the output.
   */
  protected override outputSize(size: number, axis: number): number {
    const { kernelSize, strides, padding } = this;
    return (size - 1) * strides[axis] - 2 * padding[axis] + kernelSize[axis];
  }
}

tf.serialization.registerClass(DepthwiseConv3DTranspose);
