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
  /** The loss before the step. */
  loss: number;
  /** The learning rate of the step. */
  learningRate: number;
  /** The norm of all gradients before they were clipped. */
  gradientNorm: number;
  /** How long the step took. */
  milliseconds: number;
}

/**
 * Trains a model by one step on one batch: deep-supervision loss, gradients clipped to a norm, AdamW with the
 * polynomial learning rate of the step.
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
 * @param batch What to train on.
 * @throws {RangeError} If the batch does not fit the model.
 * @throws {Error} If the loss or the gradients are not finite. The state is as before in all of these cases.
 */
export async function trainStep(state: FitState, batch: Batch): Promise<TrainStepReport> {
  const start = performance.now();
  const { step, options } = state;
  const { loss, gradients } = lossAndGradients(state, batch);
  try {
    const value = checkFinite(state, "loss", (await loss.data())[0]);
    const norm = checkFinite(state, "gradient norm", await globalNorm(gradients));
    scaleToNorm(gradients, norm, options.maxGradientNorm);
    const learningRate = polynomialSchedule(options.learningRate, step, options);
    state.optimizer.step(gradients, learningRate);
    const milliseconds = performance.now() - start;
    return { step, loss: value, learningRate, gradientNorm: norm, milliseconds };
  } finally {
    tf.dispose([loss, ...gradients.values()]);
  }
}

function lossAndGradients(
  { model, trained, classes, options }: FitState,
  batch: Batch,
): { loss: tf.Tensor; gradients: Gradients } {
  const { value, gradients } = tf.tidy(() => {
    const { images, labels } = batchTensors(batch, classes);
    return valueAndGradients(
      () =>
        deepSupervisionLoss(
          modelHeads(model.apply(images, { training: true })),
          labels,
          options.loss,
        ),
      [...trained.values()],
    );
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
