import { tf } from "@mednext/kernels";
import { applyRule } from "./apply_rule.ts";
import type { Optimizer } from "./optimizer.ts";

/** Settings of {@linkcode createSgd}; the defaults are nnU-Net's. */
export interface SgdOptions {
  /**
   * How much of the weights is added to their gradient.
   * @default {3e-5}
   */
  weightDecay?: number;
  /**
   * Decay of the momentum.
   * @default {0.99}
   */
  momentum?: number;
  /**
   * Whether the step looks ahead by one momentum (Nesterov).
   * @default {true}
   */
  nesterov?: boolean;
}

/**
 * Stochastic gradient descent with momentum over variables, equal to `torch.optim.SGD`.
 *
 * With g the gradient plus `weightDecay` times the weights, the momentum m becomes `momentum · m + g`, and
 * the weights go down by the learning rate times g plus `momentum · m` (Nesterov) or times m.
 *
 * Source: nnU-Net v2, `nnUNetTrainer.configure_optimizers` (learning rate 1e-2).
 *
 * @example Two steps along the same gradient: the second is longer
 * ```ts
 * import { tf } from "@mednext/kernels";
 * import { createSgd } from "@mednext/segment";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const weight = tf.variable(tf.tensor1d([1]));
 * const optimizer = createSgd(new Map([["w", weight]]), { weightDecay: 0, momentum: 0.5 });
 * optimizer.step(new Map([["w", tf.tensor1d([1])]]), 0.1);
 * assertAlmostEquals(weight.dataSync()[0], 1 - 0.15, 1e-6);
 * optimizer.step(new Map([["w", tf.tensor1d([1])]]), 0.1);
 * assertAlmostEquals(weight.dataSync()[0], 1 - 0.15 - 0.175, 1e-6);
 * optimizer.dispose();
 * ```
 *
 * @param variables What is trained, by name.
 * @param options Decay and momentum.
 * @returns The optimiser, at step 0 with momenta of zero.
 * @throws {RangeError} If the momentum is not at least 0 and below 1 or the decay is below 0.
 */
export function createSgd(
  variables: ReadonlyMap<string, tf.Variable>,
  options: SgdOptions = {},
): Optimizer {
  const { weightDecay = 3e-5, momentum = 0.99, nesterov = true } = options;
  if (!(momentum >= 0 && momentum < 1)) {
    throw new RangeError(
      `Cannot create SGD as momentum must be at least 0 and below 1: current value is ${momentum}`,
    );
  }
  if (!(weightDecay >= 0)) {
    throw new RangeError(
      `Cannot create SGD as weightDecay must be at least 0: current value is ${weightDecay}`,
    );
  }
  return applyRule(variables, {
    name: "SGD",
    slots: ["momentum"],
    update({ weights, gradient, slots: [old] }, { learningRate }) {
      const [next, velocity] = tf.tidy(() => {
        const slope = tf.add(gradient, tf.mul(weights, weightDecay));
        const velocity = tf.add(tf.mul(old, momentum), slope);
        const direction = nesterov ? tf.add(slope, tf.mul(velocity, momentum)) : velocity;
        return [tf.sub(weights, tf.mul(direction, learningRate)), velocity];
      });
      return { weights: next, slots: [velocity] };
    },
  });
}
