/**
 * Global response normalisation as a layer.
 * @module
 */
import { globalResponseNorm, tf } from "@mednext/kernels";
import { AffineLayer, type NormalizationOptions } from "./affine_layer.ts";
import { oneTensor } from "./internal/arguments.ts";

/**
 * Lets channels compete (ConvNeXt V2, arXiv 2301.00808): gamma·(x·n) + beta + x, where n is the Euclidean norm of a
 * channel over D, H and W, divided by the mean of these norms over the channels plus epsilon (1e-6).
 * `gamma` and `beta` `[C]` start at zero, where the layer gives its input.
 *
 * @example
 * ```ts
 * import { GlobalResponseNormalization } from "@mednext/layers";
 * import { tf } from "@mednext/kernels";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const layer = new GlobalResponseNormalization();
 * const y = layer.apply(tf.tensor5d([1, 3], [1, 1, 1, 1, 2])) as tf.Tensor;
 * assertAlmostEquals(y.dataSync()[1], 3, 1e-6);
 * ```
 */
export class GlobalResponseNormalization extends AffineLayer {
  /** The name under which TensorFlow.js saves it. */
  static className = "GlobalResponseNormalization";

  /**
   * Checks the settings; weights are made when the layer is first used.
   * @param options The settings.
   * @throws {RangeError} If epsilon is not positive.
   */
  constructor(options: NormalizationOptions = {}) {
    super(options, { gamma: 0, epsilon: 1e-6 });
  }

  /**
   * Normalises.
   * @param inputs One tensor `[N, D, H, W, C]`.
   * @returns One tensor of the same shape.
   */
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [gamma, beta] = [this.gamma, this.beta].map((weight) => weight.read() as tf.Tensor1D);
    return globalResponseNorm(oneTensor(inputs), gamma, beta, { epsilon: this.epsilon });
  }
}

tf.serialization.registerClass(GlobalResponseNormalization);
