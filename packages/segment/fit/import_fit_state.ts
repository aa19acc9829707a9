import { tf } from "@mednext/kernels";
import { checkStateDict } from "../weights/check_state_dict.ts";
import type { FitState } from "./create_fit_state.ts";
import type { FitSnapshot } from "./export_fit_state.ts";

/**
 * Puts a snapshot's weights, moments and step into a training; the recipe stays that of the state.
 *
 * @example Go on where another training is
 * ```ts
 * import { tf } from "@mednext/kernels";
 * import { createFitState, exportFitState, importFitState, trainStep } from "@mednext/segment";
 * import { assertEquals } from "@std/assert";
 *
 * const create = () =>
 *   createFitState(
 *     tf.sequential({
 *       layers: [tf.layers.conv3d({ filters: 2, kernelSize: 1, inputShape: [1, 1, 2, 1] })],
 *     }),
 *     { totalSteps: 10 },
 *   );
 * const state = create();
 * const batch = {
 *   images: Float32Array.of(1, 2),
 *   labels: Uint8Array.of(0, 1),
 *   shape: [1, 1, 1, 2] as const,
 * };
 * await trainStep(state, batch);
 * const resumed = create();
 * importFitState(resumed, await exportFitState(state));
 * assertEquals(resumed.step, 1);
 * assertEquals((await trainStep(resumed, batch)).loss, (await trainStep(state, batch)).loss);
 * ```
 *
 * @param state A training of the same model; changed.
 * @param snapshot From `exportFitState`.
 * @throws {RangeError} If the version is unknown or names, shapes or steps do not match, all faults at once;
 * nothing is changed then.
 */
export function importFitState(state: FitState, snapshot: FitSnapshot): void {
  const { json, tensors } = snapshot;
  if (json.version !== 1) {
    throw new RangeError(
      `Cannot import a training as its version must be 1: it is ${json.version}`,
    );
  }
  checkStateDict("import a training", tensors, expectedShapes(state));
  const step = tensors.get("optimizer/step")!.data[0];
  if (step !== json.step) {
    throw new RangeError(
      `Cannot import a training as its steps must agree: its JSON has ${json.step}, its tensors ${step}`,
    );
  }
  state.optimizer.restore(withoutPrefix(snapshot, "optimizer/"));
  for (const [name, { shape, data }] of withoutPrefix(snapshot, "weight/")) {
    const values = tf.tensor(data.slice(), shape as tf.Tensor["shape"], "float32");
    state.weights.get(name)!.assign(values);
    values.dispose();
  }
}

function expectedShapes({ weights, optimizer }: FitState): Map<string, number[]> {
  const shapes = new Map<string, number[]>();
  for (const [name, { shape }] of weights) shapes.set(`weight/${name}`, shape);
  for (const [name, shape] of optimizer.shapes()) shapes.set(`optimizer/${name}`, shape);
  return shapes;
}

function withoutPrefix({ tensors }: FitSnapshot, prefix: string): FitSnapshot["tensors"] {
  return new Map(
    [...tensors].flatMap(([name, entry]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), entry] as const] : []
    ),
  );
}
