/**
 * What every layer takes.
 * @module
 */

import type { Shape } from "./layer_types.ts";

/** The settings that every layer has. */
export interface LayerOptions {
  /** `[D, H, W, C]`, for the first layer of a `tf.sequential` model. */
  inputShape?: Shape;
  /** The same with N in front. */
  batchInputShape?: Shape;
  /** The name; TensorFlow.js makes one up where it is left out. */
  name?: string;
  /**
   * Whether its weights are trained.
   * @default {true}
   */
  trainable?: boolean;
}

/** The settings that every layer with a convolution has. */
export interface ConvolutionOptions extends LayerOptions {
  /**
   * Whether a bias is added.
   * @default {true}
   */
  useBias?: boolean;
  /**
   * Draws the first weights; a non-negative integer.
   * @default {0}
   */
  seed?: number;
}
