import type { tf } from "@mednext/kernels";

/**
 * Anything that turns a patch `[1, D, H, W, channels]` into logits `[1, D, H, W, classes]`: a layers model or a
 * function. With several outputs the first, at full resolution, is used. A function runs inside of
 * `tf.tidy`.
 */
export type Network =
  | tf.LayersModel
  | ((patch: tf.Tensor5D) => tf.Tensor | tf.Tensor[]);
