import type { tf } from "../tf.ts";

/** One operation on inputs of given shapes. */
export interface Case {
  /** What is computed, with everything that tells the case from the others. */
  name: string;
  /** Shape of each input, by name; the inputs are random, from the name of the case. */
  shapes: Record<string, number[]>;
  /** Runs the operation, and leaves no tensor but its output. */
  run: (inputs: Record<string, tf.Tensor>) => tf.Tensor;
  /**
   * Whether the output is linear in each input on its own. Then a central difference has no truncation
   * error at any step, and the gradients are held to a tenth of the tolerance.
   */
  linear: boolean;
  /**
   * Step of the central differences where it is not linear: smaller where it is more curved.
   * @default {0.02}
   */
  step?: number;
  /** Factor of the normally distributed inputs. */
  scale?: number;
  /** Added to the inputs. */
  shift?: number;
}

/** Values in float32 with a shape: what a tensor holds, away from any backend. */
export interface Values {
  /** The shape. */
  shape: number[];
  /** In C order. */
  values: Float32Array;
}
