import type { tf } from "@mednext/kernels";
import type { DeepSupervisionLossOptions } from "../loss/deep_supervision_loss.ts";
import { createOptimizer, type OptimizerSettings } from "../optimizer/create_optimizer.ts";
import type { Optimizer } from "../optimizer/optimizer.ts";
import { namedWeights } from "../weights/named_weights.ts";
import { modelClasses } from "./model_heads.ts";

/** Settings of {@linkcode createFitState}; the defaults are MedNeXt's. */
export interface FitOptions {
  /** The length of the whole training, over which the learning rate falls to zero. */
  totalSteps: number;
  /**
   * The optimiser.
   * @default {{ name: "adamw" }}
   */
  optimizer?: OptimizerSettings;
  /**
   * The learning rate that the schedule starts from.
   * @default 1e-3; for SGD nnU-Net's 1e-2.
   */
  learningRate?: number;
  /**
   * How fast the learning rate falls.
   * @default {0.9}
   */
  exponent?: number;
  /**
   * For how many steps a learning rate stays; nnU-Net's falls once in an epoch of 250.
   * @default {1}
   */
  scheduleEvery?: number;
  /**
   * Over how many steps the learning rate rises linearly at first.
   * @default {0}
   */
  warmupSteps?: number;
  /**
   * The number of batches whose gradients are averaged for one step.
   * @default {1}
   */
  accumulate?: number;
  /**
   * The largest norm of the gradients of a step; more is scaled down.
   * @default {12}
   */
  maxGradientNorm?: number;
  /**
   * Settings of the loss.
   * @default {{}}
   */
  loss?: DeepSupervisionLossOptions;
}

/** A training that is under way; made by {@linkcode createFitState}. */
export interface FitState {
  /** What is trained, in place. */
  readonly model: tf.LayersModel;
  /** The number of classes of the model. */
  readonly classes: number;
  /** All weights of the model by name, those that are not trained included. */
  readonly weights: ReadonlyMap<string, tf.Variable>;
  /** The weights that are trained. */
  readonly trained: ReadonlyMap<string, tf.Variable>;
  /** The optimiser with what it keeps of earlier steps. */
  readonly optimizer: Optimizer;
  /** The settings, with defaults filled in. */
  readonly options: Required<FitOptions>;
  /** The number of steps done, which is also the number of the next step. */
  readonly step: number;
  /** Frees the optimiser; the model stays. */
  dispose(): void;
}

/**
 * Starts a training of a model: its weights as they are, an optimiser at step zero.
 *
 * Weights are named `layer/weight`; layers without a name of their own are numbered within the model, so every
 * instance of a model has the same names.
 *
 * @example A model with one layer
 * ```ts
 * import { tf } from "@mednext/kernels";
 * import { createFitState } from "@mednext/segment";
 * import { assertEquals } from "@std/assert";
 *
 * const model = tf.sequential({
 *   layers: [tf.layers.conv3d({ filters: 2, kernelSize: 1, inputShape: [null, null, null, 1], name: "head" })],
 * });
 * const state = createFitState(model, { totalSteps: 100 });
 * assertEquals([...state.weights.keys()], ["head/kernel", "head/bias"]);
 * state.dispose();
 * ```
 *
 * @param model A model whose output is `[N, D, H, W, classes]`, or several with the full resolution first.
 * @param options The recipe.
 * @throws {RangeError} If the model's output is of another shape or a setting is out of range.
 */
export function createFitState(model: tf.LayersModel, options: FitOptions): FitState {
  const filled = fill(options);
  const all = namedWeights(model);
  const classes = modelClasses(model);
  const byName = (some: typeof all) =>
    new Map(some.map(({ name, variable }) => [name, variable] as const));
  const trained = byName(all.filter(({ trainable }) => trainable));
  const optimizer = createOptimizer(trained, filled.optimizer);
  return {
    model,
    classes,
    weights: byName(all),
    trained,
    optimizer,
    options: filled,
    get step() {
      return optimizer.steps;
    },
    dispose: () => optimizer.dispose(),
  };
}

function fill(options: FitOptions): Required<FitOptions> {
  const optimizer = options.optimizer ?? { name: "adamw" };
  const filled: Required<FitOptions> = {
    exponent: 0.9,
    scheduleEvery: 1,
    warmupSteps: 0,
    accumulate: 1,
    maxGradientNorm: 12,
    loss: {},
    ...options,
    optimizer,
    learningRate: options.learningRate ?? (optimizer.name === "sgd" ? 1e-2 : 1e-3),
  };
  for (const name of ["totalSteps", "learningRate", "maxGradientNorm"] as const) {
    if (!(filled[name] > 0)) throw outOfRange(name, "above zero", filled[name]);
  }
  for (const name of ["scheduleEvery", "accumulate"] as const) {
    if (!(Number.isInteger(filled[name]) && filled[name] > 0)) {
      throw outOfRange(name, "a positive integer", filled[name]);
    }
  }
  return filled;
}

function outOfRange(name: string, expected: string, value: number): RangeError {
  return new RangeError(
    `Cannot train a model as ${name} must be ${expected}: current value is ${value}`,
  );
}
