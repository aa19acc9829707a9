import type { StateDict } from "../state_dict.ts";
import type { FitOptions, FitState } from "./create_fit_state.ts";

/** A training at rest: what {@linkcode exportFitState} copies out and `importFitState` takes back. */
export interface FitSnapshot {
  /** What is no tensor; plain JSON. */
  json: {
    /** The version of this form. */
    version: 1;
    /** The number of steps done. */
    step: number;
    /** The recipe, for the record: importing does not change the recipe of a state. */
    options: Required<FitOptions>;
  };
  /** `weight/<name>`, and the state of the optimiser below `optimizer/`. */
  tensors: StateDict;
}

/**
 * Copies everything that the rest of a training depends on: all weights, the state of the optimiser, the step.
 *
 * Imported into a fresh state of the same model and recipe, the training goes on with the same bytes, given
 * the same batches, backend and number of threads.
 *
 * @example There and back
 * ```ts
 * import { tf } from "@mednext/kernels";
 * import { createFitState, exportFitState, importFitState } from "@mednext/segment";
 * import { assertEquals } from "@std/assert";
 *
 * const create = () =>
 *   createFitState(
 *     tf.sequential({
 *       layers: [tf.layers.conv3d({ filters: 2, kernelSize: 1, inputShape: [2, 2, 2, 1] })],
 *     }),
 *     { totalSteps: 10 },
 *   );
 * const snapshot = await exportFitState(create());
 * const other = create();
 * importFitState(other, snapshot);
 * assertEquals(await exportFitState(other), snapshot);
 * ```
 *
 * @param state The training; not changed.
 */
export async function exportFitState(state: FitState): Promise<FitSnapshot> {
  const tensors: StateDict = new Map();
  for (const [name, weight] of state.weights) {
    const data = (await weight.data()).slice() as Float32Array;
    tensors.set(`weight/${name}`, { shape: [...weight.shape], data });
  }
  for (const [name, entry] of await state.optimizer.state()) {
    tensors.set(`optimizer/${name}`, entry);
  }
  const { step, options } = state;
  return { json: { version: 1, step, options: structuredClone(options) }, tensors };
}
