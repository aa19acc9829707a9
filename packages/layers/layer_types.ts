/**
 * What layers are given and have.
 * @module
 */
import type { tf } from "@mednext/kernels";

/** Three numbers, for D, H and W. */
export type Triple = [number, number, number];

/** A shape in which TensorFlow.js writes null for what is not known yet. */
export type Shape = (number | null)[];

/** The variable behind a weight of a layer. */
export type Weight = tf.layers.Layer["weights"][number];
