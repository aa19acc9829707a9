/**
 * The exact GELU as a layer.
 * @module
 */
import { gelu, tf } from "@mednext/kernels";
import { oneTensor } from "./internal/arguments.ts";
import type { Shape } from "./layer_types.ts";
import type { LayerOptions } from "./layer_options.ts";

/**
 * x·Φ(x) with the exact normal distribution function, as PyTorch's `GELU()`; not the approximation by tanh.
 *
 * @example
 * ```ts
 * import { Gelu } from "@mednext/layers";
 * import { tf } from "@mednext/kernels";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const y = new Gelu().apply(tf.tensor5d([1], [1, 1, 1, 1, 1])) as tf.Tensor;
 * assertAlmostEquals(y.dataSync()[0], 0.8413447, 1e-6);
 * ```
 */
export class Gelu extends tf.layers.Layer {
  /** The name under which TensorFlow.js saves it. */
  static className = "Gelu";

  /**
   * Has no settings but a name.
   * @param options The settings.
   */
  constructor(options: LayerOptions = {}) {
    super(options);
  }

  /**
   * Applies the function to every value.
   * @param inputs One tensor.
   * @returns One tensor of the same shape.
   */
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return gelu(oneTensor(inputs));
  }

  /**
   * The size of the output: that of the input.
   * @param inputShape Any shape.
   * @returns The same.
   */
  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    return inputShape;
  }
}

tf.serialization.registerClass(Gelu);
