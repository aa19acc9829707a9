import { tf, valueAndGradients } from "@mednext/kernels";
import { deepSupervisionLoss } from "../loss/deep_supervision_loss.ts";
import { globalNorm, type Gradients, scaleToNorm } from "../optimizer/global_norm.ts";
import { polynomialSchedule } from "../optimizer/polynomial_schedule.ts";
import type { Batch } from "./batch.ts";
import { batchTensors } from "./batch_tensors.ts";
import type { FitState } from "./create_fit_state.ts";
import { modelHeads } from "./model_heads.ts";

/** What one step of training tells about itself. */
export interface TrainStepReport {
  /** The number of the step, from 0. */
  step: number;
  /** The loss before the step; the mean over the batches. */
  loss: number;
  /** The learning rate of the step. */
  learningRate: number;
  /** The norm of all gradients before they were clipped. */
  gradientNorm: number;
  /** How long the step took, without waiting for the batch. */
  milliseconds: number;
}

/** Settings of {@linkcode trainStep}. */
export interface TrainStepOptions {
  /**
   * How far the decay of the learning rate has come, in steps, where that is not the number of the step.
   * @default {state.step}
   */
  position?: number;
}

/**
 * Trains a model by one step: deep-supervision loss, gradients clipped to a norm, the optimiser with the
 * polynomial learning rate of the step.
 *
 * Several batches make one step of the mean of their gradients, and hold the memory of one. That is the step of
 * one large batch, up to rounding, where the loss is a mean over equally many voxels and over images: not with
 * `batchDice`, which then is taken over each of them, nor where they differ in ignored voxels.
 *
 * @example One step
 * ```ts
 * import { tf } from "@mednext/kernels";
 * import { createFitState, trainStep } from "@mednext/segment";
 * import { assertEquals } from "@std/assert";
 *
 * const model = tf.sequential({
 *   layers: [tf.layers.conv3d({ filters: 2, kernelSize: 1, inputShape: [2, 2, 2, 1], name: "head" })],
 * });
 * const state = createFitState(model, { totalSteps: 100 });
 * const images = Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7);
 * const labels = Uint8Array.of(0, 0, 0, 0, 1, 1, 1, 1);
 * const report = await trainStep(state, { images, labels, shape: [1, 2, 2, 2] });
 * assertEquals([report.step, report.learningRate, state.step], [0, 1e-3, 1]);
 * ```
 *
 * @param state The training; its weights, moments and step are changed.
 * @param batch What to train on; several batches are one step.
 * @param options Where the learning rate is not that of the step.
 * @throws {RangeError} If a batch does not fit the model.
 * @throws {Error} If the loss or the gradients are not finite. The state is as before in all of these cases.
 */
export async function trainStep(
  state: FitState,
  batch: Batch | readonly Batch[],
  options: TrainStepOptions = {},
): Promise<TrainStepReport> {
  const start = performance.now();
  const { step, options: recipe } = state;
  const { loss, gradients } = meanLossAndGradients(state, [batch].flat());
  try {
    const value = checkFinite(state, "loss", (await loss.data())[0]);
    const norm = checkFinite(state, "gradient norm", await globalNorm(gradients));
    scaleToNorm(gradients, norm, recipe.maxGradientNorm);
    const learningRate = polynomialSchedule(recipe.learningRate, step, {
      ...recipe,
      every: recipe.scheduleEvery,
      position: options.position ?? step,
    });
    state.optimizer.step(gradients, learningRate);
    const milliseconds = performance.now() - start;
    return { step, loss: value, learningRate, gradientNorm: norm, milliseconds };
  } finally {
    tf.dispose([loss, ...gradients.values()]);
  }
}

interface LossAndGradients {
  loss: tf.Tensor;
  gradients: Gradients;
}

/** The mean over several batches, of which only one is at work at a time. */
function meanLossAndGradients(state: FitState, batches: readonly Batch[]): LossAndGradients {
  let sum: LossAndGradients | undefined;
  try {
    for (const batch of batches) {
      const next = lossAndGradients(state, batch, 1 / batches.length);
      sum = sum === undefined ? next : added(sum, next);
    }
  } catch (error) {
    if (sum !== undefined) tf.dispose([sum.loss, ...sum.gradients.values()]);
    throw error;
  }
  if (sum === undefined) throw new RangeError(`Cannot train step ${state.step} on no batch`);
  return sum;
}

/** The sum; what it is made of is disposed of, tensor by tensor. */
function added(a: LossAndGradients, b: LossAndGradients): LossAndGradients {
  const add = (x: tf.Tensor, y: tf.Tensor) => {
    const total = tf.add(x, y);
    tf.dispose([x, y]);
    return total;
  };
  for (const [name, gradient] of b.gradients) {
    a.gradients.set(name, add(a.gradients.get(name)!, gradient));
  }
  return { loss: add(a.loss, b.loss), gradients: a.gradients };
}

function lossAndGradients(
  { model, trained, classes, options }: FitState,
  batch: Batch,
  factor: number,
): LossAndGradients {
  const { value, gradients } = tf.tidy(() => {
    const { images, labels } = batchTensors(batch, { classes, loss: options.loss });
    const lossOfBatch = () => {
      const heads = modelHeads(model.apply(images, { training: true }));
      const loss = deepSupervisionLoss(heads, labels, options.loss);
      return factor === 1 ? loss : tf.mul(loss, factor) as tf.Scalar;
    };
    return valueAndGradients(lossOfBatch, [...trained.values()]);
  });
  const named = Array.from(trained.keys(), (name, i) => [name, gradients[i]] as const);
  // Weights of heads whose factor in the loss is zero have no gradient.
  const given = named.filter((entry): entry is [string, tf.Tensor] => entry[1] !== undefined);
  return { loss: value, gradients: new Map(given) };
}

function checkFinite({ step }: FitState, what: string, value: number): number {
  if (Number.isFinite(value)) return value;
  throw new Error(`Cannot train step ${step} as its ${what} must be finite: it is ${value}`);
}
