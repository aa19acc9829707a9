import { tf } from "../tf.ts";

/** One operation as TensorFlow.js records it. */
export interface TapeNode {
  /** The kernel, or the scope that a custom gradient ran in. */
  kernelName: string;
  /** What it was computed from, by name; a list of tensors has its indices for names. */
  inputs: Record<string, tf.Tensor | null | undefined>;
  /** What came out. */
  outputs: tf.Tensor[];
  /** Clones of what its gradient needs; kept, so that no scope frees them. */
  saved?: tf.Tensor[];
  /** From the gradients of the outputs (null: zero) to one function per input. */
  gradient?: (dys: (tf.Tensor | null)[]) => Record<string, () => tf.Tensor>;
}

/** The inputs that are there, with their names. */
export function inputsOf({ inputs }: TapeNode): [string, tf.Tensor][] {
  return Object.entries(inputs).filter((entry): entry is [string, tf.Tensor] => entry[1] != null);
}

/** Frees what nodes have saved for their gradients; more than once does no harm. */
export function freeSaved(nodes: readonly TapeNode[]): void {
  for (const { saved } of nodes) tf.dispose(saved ?? []);
}
