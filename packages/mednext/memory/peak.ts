/**
 * The moment at which most is held.
 * @module
 */

/** Bytes at one moment, without weights and moments. */
export interface Peak {
  /** What units have handed on or kept: skip connections, what a backward pass needs, the batch. */
  activations: number;
  /** Gradients of weights. */
  gradients: number;
  /** What exists only during the operation that is under way. */
  transient: number;
}

/** The larger of two. */
export function larger(a: Peak, b: Peak): Peak {
  return total(b) > total(a) ? b : a;
}

function total({ activations, gradients, transient }: Peak): number {
  return activations + gradients + transient;
}

/** The sum of some bytes. */
export function sum(values: readonly number[]): number {
  return values.reduce((total, bytes) => total + bytes, 0);
}
