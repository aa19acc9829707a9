/**
 * Depthwise convolution as a layer.
 * @module
 */
import { depthwiseConv3d, tf } from "@mednext/kernels";
import { fanInUniform } from "./fan_in_uniform.ts";
import { channelsOf, oneShape, oneTensor, triple } from "./internal/arguments.ts";
import type { Shape, Triple, Weight } from "./layer_types.ts";
import type { ConvolutionOptions } from "./layer_options.ts";

/** The settings of a depthwise convolution. */
export interface DepthwiseConv3DOptions extends ConvolutionOptions {
  /** Size of the kernel: odd, one number or one for each of D, H and W. */
  kernelSize: number | readonly number[];
  /**
   * Step between outputs: 1 or 2, one number or one for each axis.
   * @default {1}
   */
  strides?: number | readonly number[];
  /** Zero voxels before and after each axis. Default: half the kernel, rounded down. */
  padding?: number | readonly number[];
}

/**
 * Convolves each channel with its own kernel: `[N, D, H, W, C]` to `[N, D', H', W', C]` with
 * D' = floor((D + 2·padding - kernelSize) / strides) + 1.
 *
 * Weights: `kernel` `[kD, kH, kW, C]` and `bias` `[C]`, started as PyTorch's `Conv3d(groups=C)`.
 *
 * @example
 * ```ts
 * import { DepthwiseConv3D } from "@mednext/layers";
 * import { assertEquals } from "@std/assert";
 *
 * const layer = new DepthwiseConv3D({ kernelSize: 3, strides: 2 });
 * assertEquals(layer.computeOutputShape([null, 8, 8, 8, 4]), [null, 4, 4, 4, 4]);
 * ```
 */
export class DepthwiseConv3D extends tf.layers.Layer {
  /** The name under which TensorFlow.js saves it. */
  static className = "DepthwiseConv3D";
  /** Size of the kernel. */
  readonly kernelSize: Triple;
  /** Step between outputs. */
  readonly strides: Triple;
  /** Zero voxels before and after. */
  readonly padding: Triple;
  /** Whether a bias is added. */
  readonly useBias: boolean;
  /** Draws the first weights. */
  readonly seed: number;
  /** The weights, once built. */
  protected kernel!: Weight;
  /** The bias, once built. */
  protected bias?: Weight;

  /**
   * Checks the settings; weights are made when the layer is first used.
   * @param options The settings.
   * @throws {RangeError} If a size is not what its field allows.
   */
  constructor(options: DepthwiseConv3DOptions) {
    super(options);
    const layer = this.getClassName();
    const { kernelSize, strides = 1, useBias = true, seed = 0 } = options;
    this.kernelSize = triple(kernelSize, {
      field: "kernelSize",
      layer,
      least: 1,
      most: 7,
      odd: true,
    });
    this.strides = triple(strides, { field: "strides", layer, least: 1, most: 2 });
    const padding = options.padding ?? this.kernelSize.map((k) => k >> 1);
    this.padding = triple(padding, { field: "padding", layer, least: 0, most: 6 });
    this.useBias = useBias;
    this.seed = seed;
  }

  /**
   * Makes the weights.
   * @param inputShape `[N, D, H, W, C]`.
   */
  override build(inputShape: Shape | Shape[]): void {
    const channels = channelsOf(inputShape, this.getClassName());
    const fanIn = this.kernelSize.reduce((product, k) => product * k, 1);
    const start = (stream: string) => fanInUniform(fanIn, { seed: this.seed, stream });
    this.kernel = this.addWeight(
      "kernel",
      [...this.kernelSize, channels],
      "float32",
      start("kernel"),
    );
    if (this.useBias) this.bias = this.addWeight("bias", [channels], "float32", start("bias"));
    this.built = true;
  }

  /**
   * Convolves.
   * @param inputs One tensor `[N, D, H, W, C]`.
   * @returns One tensor.
   */
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return depthwiseConv3d(oneTensor(inputs), this.kernel.read() as tf.Tensor4D, {
      bias: this.bias?.read() as tf.Tensor1D | undefined,
      strides: this.strides,
      padding: this.padding,
    });
  }

  /**
   * The size of the output.
   * @param inputShape `[N, D, H, W, C]`, null where not known.
   * @returns The same for the output.
   */
  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [batch, depth, height, width, channels] = oneShape(inputShape, this.getClassName());
    const sizes = [depth, height, width].map((n, axis) =>
      n === null ? null : this.outputSize(n, axis)
    );
    return [batch, ...sizes, channels];
  }

  /**
   * The settings, for saving.
   * @returns What the constructor takes.
   */
  override getConfig(): tf.serialization.ConfigDict {
    const { kernelSize, strides, padding, useBias, seed } = this;
    return { ...super.getConfig(), kernelSize, strides, padding, useBias, seed };
  }

  /**
   * The size of the output along one axis.
   * @param size The size of the input.
   * @param axis 0, 1 or 2.
   * @returns The size of the output.
   */
  protected outputSize(size: number, axis: number): number {
    const { kernelSize, strides, padding } = this;
    return Math.floor((size + 2 * padding[axis] - kernelSize[axis]) / strides[axis]) + 1;
  }
}

tf.serialization.registerClass(DepthwiseConv3D);
