/**
 * Weights by name, as PyTorch lays them out.
 * @module
 */

/** One named array of a network. */
export interface Parameter {
  /** The size of each axis, as PyTorch orders them: `[c, 1, k, k, k]` for a depthwise kernel. */
  shape: number[];
  /** The values in C order. */
  data: Float32Array;
}

/** The weights of a network, by their PyTorch name, in the order of the network. */
export type StateDict = Map<string, Parameter>;
