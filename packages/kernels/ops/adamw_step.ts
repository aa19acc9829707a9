import { runKernelWithOutputs } from "../run_kernel.ts";
import type { tf } from "../tf.ts";
import { checkFloat, checkNotNegative, checkShape, show } from "./check.ts";

/** The tensors of one step of AdamW, all of one shape. */
export interface AdamWTensors {
  /** The weights before the step. */
  weights: tf.Tensor;
  /** The gradient of the loss in the weights. */
  gradient: tf.Tensor;
  /** The first moment after the previous step; zeros before the first. */
  firstMoment: tf.Tensor;
  /** The second moment after the previous step; zeros before the first. */
  secondMoment: tf.Tensor;
}

/** Options of {@linkcode adamwStep}; the defaults are those of `torch.optim.AdamW`. */
export interface AdamWStepOptions {
  /**
   * Number of this step, from 1.
   */
  step: number;
  /**
   * Learning rate of this step.
   * @default {1e-3}
   */
  learningRate?: number;
  /**
   * Decoupled decay: the weights are first multiplied by 1 - learningRate · weightDecay.
   * @default {1e-2}
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
   * Added to the root of the bias-corrected second moment.
   * @default {1e-8}
   */
  epsilon?: number;
}

/** What one step of AdamW gives: new tensors, which the caller disposes of. */
export interface AdamWResult {
  /** The weights after the step. */
  weights: tf.Tensor;
  /** The first moment after the step. */
  firstMoment: tf.Tensor;
  /** The second moment after the step. */
  secondMoment: tf.Tensor;
}

/**
 * One step of AdamW (arXiv 1711.05101, algorithm 2) in one pass over the weights, by the formulas of
 * `torch.optim.AdamW`. Neither the arguments nor anything else is changed.
 *
 * @example The first step goes against the sign of the gradient
 * ```ts
 * import { adamwStep, tf } from "@mednext/kernels";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { weights } = adamwStep({
 *   weights: tf.tensor1d([1, 1]),
 *   gradient: tf.tensor1d([5, -2]),
 *   firstMoment: tf.zeros([2]),
 *   secondMoment: tf.zeros([2]),
 * }, { step: 1, learningRate: 0.1, weightDecay: 0 });
 * assertAlmostEquals(weights.dataSync()[0], 0.9, 1e-6);
 * assertAlmostEquals(weights.dataSync()[1], 1.1, 1e-6);
 * ```
 *
 * @param tensors Weights, gradient and moments.
 * @param options The number of the step and the settings.
 * @returns The new weights and moments.
 * @throws {TypeError} If a tensor is not float32.
 * @throws {RangeError} If shapes differ or a setting is out of its range.
 */
export function adamwStep(tensors: AdamWTensors, options: AdamWStepOptions): AdamWResult {
  const { step, learningRate = 1e-3, weightDecay = 1e-2, beta1 = 0.9, beta2 = 0.999 } = options;
  const { epsilon = 1e-8 } = options;
  const op = "adamwStep";
  const { weights, gradient, firstMoment, secondMoment } = tensors;
  checkFloat(op, "weights", weights);
  const expected = { shape: weights.shape, because: `weights is ${show(weights.shape)}` };
  for (const [name, tensor] of Object.entries({ gradient, firstMoment, secondMoment })) {
    checkShape(op, name, tensor, expected);
  }
  checkSettings({ step, beta1, beta2 });
  for (const [name, value] of Object.entries({ learningRate, weightDecay, epsilon })) {
    checkNotNegative(op, name, value);
  }
  const attrs = { step, learningRate, weightDecay, beta1, beta2, epsilon };
  const inputs = { weights, gradient, firstMoment, secondMoment };
  const outputs = runKernelWithOutputs("AdamWStep", inputs, attrs);
  return { weights: outputs[0], firstMoment: outputs[1], secondMoment: outputs[2] };
}

function checkSettings({ step, ...betas }: Record<"step" | "beta1" | "beta2", number>): void {
  if (!Number.isInteger(step) || step < 1) {
    throw new RangeError(
      `Cannot compute adamwStep: expected step to be an integer of at least 1, found ${step}`,
    );
  }
  for (const [name, beta] of Object.entries(betas)) {
    if (!(beta >= 0 && beta < 1)) {
      throw new RangeError(
        `Cannot compute adamwStep: expected ${name} to be at least 0 and below 1, found ${beta}`,
      );
    }
  }
}
