/** What one training step sees; arrays in C order, not written to. */
export interface Batch {
  /** Preprocessed intensities, `[N, D, H, W, channels]`. */
  images: Float32Array;
  /** Classes, `[N, D, H, W]`; below zero counts as background, what the loss ignores as nothing. */
  labels: Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array;
  /** N, D, H, W. */
  shape: readonly [number, number, number, number];
  /**
   * The channels of the images.
   * @default {1}
   */
  channels?: number;
}
