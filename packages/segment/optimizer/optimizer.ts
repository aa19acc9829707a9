import type { tf } from "@mednext/kernels";
import type { StateDict } from "../state_dict.ts";

/** Changes variables step by step; made by `createAdamW`, `createSgd` or a function of your own. */
export interface Optimizer {
  /** The steps taken so far. */
  readonly steps: number;
  /**
   * Changes the variables by one step. A variable without a gradient is left alone.
   * @throws {RangeError} If a gradient is of no variable; nothing is changed then.
   */
  step(gradients: ReadonlyMap<string, tf.Tensor>, learningRate: number): void;
  /** The names and shapes of what `state` gives and `restore` takes; `step` is among them. */
  shapes(): Map<string, number[]>;
  /** A copy of what the next step depends on: `step`, and `<what>/<name>` for each variable. */
  state(): Promise<StateDict>;
  /**
   * Goes on from a state.
   * @throws {RangeError} If names or shapes differ or the step is no whole number; nothing is changed then.
   */
  restore(state: StateDict): void;
  /** Frees what belongs to the optimiser; the variables stay. */
  dispose(): void;
}
