/**
 * What the normalisations share: a factor and an offset for each channel.
 * @module
 */
import { tf } from "@mednext/kernels";
import { channelsOf, oneShape } from "./internal/arguments.ts";
import type { Shape, Weight } from "./layer_types.ts";
import type { LayerOptions } from "./layer_options.ts";

/** The settings of a normalisation. */
export interface NormalizationOptions extends LayerOptions {
  /** Keeps the division finite. Default: 1e-5 for group and layer normalisation, 1e-6 for the global response. */
  epsilon?: number;
}

/** A layer with weights `gamma` and `beta`, both `[C]`. TensorFlow.js wants layers as subclasses of its own. */
export abstract class AffineLayer extends tf.layers.Layer {
  /** Keeps the division finite. */
  readonly epsilon: number;
  /** The factor, once built. */
  protected gamma!: Weight;
  /** The offset, once built. */
  protected beta!: Weight;
  /** Where the factor starts. */
  protected readonly gammaStart: 0 | 1;

  /**
   * Checks the settings; weights are made when the layer is first used.
   * @param options The settings.
   * @param defaults Where `gamma` starts, and epsilon where the settings leave it out.
   * @throws {RangeError} If epsilon is not positive.
   */
  constructor(options: NormalizationOptions, defaults: { gamma: 0 | 1; epsilon: number }) {
    super(options);
    this.epsilon = options.epsilon ?? defaults.epsilon;
    this.gammaStart = defaults.gamma;
    if (!(this.epsilon > 0)) {
      throw new RangeError(
        `Cannot create ${this.getClassName()} as 'epsilon' must be a positive number: ` +
          `current value is ${this.epsilon}`,
      );
    }
  }

  /**
   * Makes the weights.
   * @param inputShape `[N, D, H, W, C]`.
   */
  override build(inputShape: Shape | Shape[]): void {
    const channels = channelsOf(inputShape, this.getClassName());
    const { zeros, ones } = tf.initializers;
    const start = this.gammaStart === 1 ? ones() : zeros();
    this.gamma = this.addWeight("gamma", [channels], "float32", start);
    this.beta = this.addWeight("beta", [channels], "float32", zeros());
    this.built = true;
  }

  /**
   * The size of the output: that of the input.
   * @param inputShape `[N, D, H, W, C]`.
   * @returns The same.
   */
  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return [...oneShape(inputShape, this.getClassName())];
  }

  /**
   * The settings, for saving.
   * @returns What the constructor takes.
   */
  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), epsilon: this.epsilon };
  }
}
