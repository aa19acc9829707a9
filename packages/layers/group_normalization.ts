/**
 * Group normalisation with one group per channel, as a layer.
 * @module
 */
import { groupNorm, tf } from "@mednext/kernels";
import { AffineLayer, type NormalizationOptions } from "./affine_layer.ts";
import { oneTensor } from "./internal/arguments.ts";

/**
 * Normalises each channel of each sample over its voxels, then applies `gamma` and `beta` `[C]`: PyTorch's
 * `GroupNorm(num_groups=C)`. Mean and biased variance over D, H and W; epsilon 1e-5. `gamma` starts at one, `beta`
 * at zero.
 *
 * @example
 * ```ts
 * import { GroupNormalization } from "@mednext/layers";
 * import { tf } from "@mednext/kernels";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const layer = new GroupNormalization();
 * const y = layer.apply(tf.tensor5d([1, 3], [1, 1, 1, 2, 1])) as tf.Tensor;
 * assertAlmostEquals(y.dataSync()[1], 1, 1e-5);
 * ```
 */
export class GroupNormalization extends AffineLayer {
  /** The name under which TensorFlow.js saves it. */
  static className = "GroupNormalization";

  /**
   * Checks the settings; weights are made when the layer is first used.
   * @param options The settings.
   * @throws {RangeError} If epsilon is not positive.
   */
  constructor(options: NormalizationOptions = {}) {
    super(options, { gamma: 1, epsilon: 1e-5 });
  }

  /**
   * Normalises.
   * @param inputs One tensor `[N, D, H, W, C]`.
   * @returns One tensor of the same shape.
   */
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [gamma, beta] = [this.gamma, this.beta].map((weight) => weight.read() as tf.Tensor1D);
    return groupNorm(oneTensor(inputs), gamma, beta, { epsilon: this.epsilon });
  }
}

tf.serialization.registerClass(GroupNormalization);
