/**
 * TensorFlow.js and what it lacks for three-dimensional ConvNets.
 * @module
 */
export { tf } from "./tf.ts";
