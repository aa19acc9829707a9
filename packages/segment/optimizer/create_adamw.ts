import { adamwStep, type tf } from "@mednext/kernels";
import { applyRule } from "./apply_rule.ts";
import type { Optimizer } from "./optimizer.ts";

/** Settings of {@linkcode createAdamW}; the defaults are MedNeXt's. */
export interface AdamWOptions {
  /**
   * How fast weights decay, times the learning rate and independent of the gradients.
   * @default {3e-5}
   */
  weightDecay?: number;
  /**
   * Decay of the first moment.
   * @default {0.9}
   */
  beta1?: number;
  /**
   * Decay of the second moment.
   * @default {0.999}
   */
  beta2?: number;
  /**
   * Added to the root of the second moment.
   * @default {1e-4}
   */
  epsilon?: number;
}

/**
 * AdamW (arXiv 1711.05101) over variables, equal to `torch.optim.AdamW`.
 *
 * The variables keep their identity: a model whose weights they are is trained in place. Names are the
 * caller's, so that a saved state does not depend on how TensorFlow.js numbers its variables.
 *
 * @example One step against the gradient
 * ```ts
 * import { tf } from "@mednext/kernels";
 * import { createAdamW } from "@mednext/segment";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const weight = tf.variable(tf.tensor1d([1]));
 * const optimizer = createAdamW(new Map([["w", weight]]), { weightDecay: 0 });
 * optimizer.step(new Map([["w", tf.tensor1d([3])]]), 0.1);
 * assertAlmostEquals(weight.dataSync()[0], 0.9, 1e-5);
 * optimizer.dispose();
 * ```
 *
 * @param variables What is trained, by name.
 * @param options Decay, moments and epsilon.
 * @returns The optimiser, at step 0 with moments of zero.
 */
export function createAdamW(
  variables: ReadonlyMap<string, tf.Variable>,
  options: AdamWOptions = {},
): Optimizer {
  const settings = { weightDecay: 3e-5, beta1: 0.9, beta2: 0.999, epsilon: 1e-4, ...options };
  return applyRule(variables, {
    name: "AdamW",
    slots: ["first_moment", "second_moment"],
    update({ slots: [firstMoment, secondMoment], ...tensors }, { learningRate, step }) {
      const next = adamwStep({ ...tensors, firstMoment, secondMoment }, {
        ...settings,
        learningRate,
        step,
      });
      return { weights: next.weights, slots: [next.firstMoment, next.secondMoment] };
    },
  });
}
