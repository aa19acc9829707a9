/**
 * Pointwise convolution as a layer.
 * @module
 */
import { pointwiseConv3d, tf } from "@mednext/kernels";
import { fanInUniform } from "./fan_in_uniform.ts";
import { channelsOf, oneShape, oneTensor, positive, triple } from "./internal/arguments.ts";
import type { Shape, Triple, Weight } from "./layer_types.ts";
import type { ConvolutionOptions } from "./layer_options.ts";

/** The settings of a pointwise convolution. */
export interface PointwiseConv3DOptions extends ConvolutionOptions {
  /** Channels of the output. */
  filters: number;
  /**
   * Step between outputs: 1 or 2, one number or one for each of D, H and W.
   * @default {1}
   */
  strides?: number | readonly number[];
}

/**
 * A convolution with a kernel of one voxel: `[N, D, H, W, C]` to `[N, D', H', W', filters]` with D' = ceil(D / strides).
 *
 * Weights: `kernel` `[C, filters]` and `bias` `[filters]`, started as PyTorch's `Conv3d(kernel_size=1)`.
 *
 * @example
 * ```ts
 * import { PointwiseConv3D } from "@mednext/layers";
 * import { assertEquals } from "@std/assert";
 *
 * const layer = new PointwiseConv3D({ filters: 3 });
 * assertEquals(layer.computeOutputShape([null, 8, 8, 8, 4]), [null, 8, 8, 8, 3]);
 * ```
 */
export class PointwiseConv3D extends tf.layers.Layer {
  /** The name under which TensorFlow.js saves it. */
  static className = "PointwiseConv3D";
  /** Channels of the output. */
  readonly filters: number;
  /** Step between outputs. */
  readonly strides: Triple;
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
  constructor(options: PointwiseConv3DOptions) {
    super(options);
    const layer = this.getClassName();
    const { filters, strides = 1, useBias = true, seed = 0 } = options;
    this.filters = positive(filters, "filters", layer);
    this.strides = triple(strides, { field: "strides", layer, least: 1, most: 2 });
    this.useBias = useBias;
    this.seed = seed;
  }

  /**
   * Makes the weights.
   * @param inputShape `[N, D, H, W, C]`.
   */
  override build(inputShape: Shape | Shape[]): void {
    const channels = channelsOf(inputShape, this.getClassName());
    const fanIn = this.fanIn(channels);
    const start = (stream: string) => fanInUniform(fanIn, { seed: this.seed, stream });
    this.kernel = this.addWeight("kernel", [channels, this.filters], "float32", start("kernel"));
    if (this.useBias) this.bias = this.addWeight("bias", [this.filters], "float32", start("bias"));
    this.built = true;
  }

  /**
   * Convolves.
   * @param inputs One tensor `[N, D, H, W, C]`.
   * @returns One tensor.
   */
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return pointwiseConv3d(oneTensor(inputs), this.kernel.read() as tf.Tensor2D, {
      bias: this.bias?.read() as tf.Tensor1D | undefined,
      strides: this.strides,
    });
  }

  /**
   * The size of the output.
   * @param inputShape `[N, D, H, W, C]`, null where not known.
   * @returns The same for the output.
   */
  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [batch, depth, height, width] = oneShape(inputShape, this.getClassName());
    const sizes = [depth, height, width].map((n, axis) =>
      n === null ? null : this.outputSize(n, axis)
    );
    return [batch, ...sizes, this.filters];
  }

  /**
   * The settings, for saving.
   * @returns What the constructor takes.
   */
  override getConfig(): tf.serialization.ConfigDict {
    const { filters, strides, useBias, seed } = this;
    return { ...super.getConfig(), filters, strides, useBias, seed };
  }

  /**
   * What PyTorch counts as the fan-in of the weights.
   * @param channels Channels of the input.
   * @returns The fan-in.
   */
  protected fanIn(channels: number): number {
    return channels;
  }

  /**
   * The size of the output along one axis.
   * @param size The size of the input.
   * @param axis 0, 1 or 2.
   * @returns The size of the output.
   */
  protected outputSize(size: number, axis: number): number {
    return Math.ceil(size / this.strides[axis]);
  }
}

tf.serialization.registerClass(PointwiseConv3D);
