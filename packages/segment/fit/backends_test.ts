import { assert } from "@std/assert";
import { type BackendName, setBackend } from "@mednext/kernels";
import { exportFitState, type FitSnapshot } from "./export_fit_state.ts";
import { fit } from "./fit.ts";
import { batchOf, newState } from "../testdata/noise_training.ts";
import { importFitState } from "./import_fit_state.ts";

/**
 * Sums of float32 in another order change a gradient by about 1e-6 of the largest. AdamW divides each by its own size
 * plus 1e-4, so that the steps of small gradients, of at most 1e-3 each, differ by up to a hundredth.
 */
const WEIGHT = 3e-5;
const LOSS = 1e-5;

/** Three steps from the same weights. */
async function threeSteps(
  backend: BackendName,
  from: FitSnapshot,
): Promise<{ losses: number[]; snapshot: FitSnapshot }> {
  await setBackend(backend);
  const state = newState();
  importFitState(state, from);
  const losses: number[] = [];
  const onStep = ({ loss }: { loss: number }) => void losses.push(loss);
  await fit(state, { batches: batchOf, steps: 3, onStep });
  return { losses, snapshot: await exportFitState(state) };
}

await setBackend("cpu");
const beginning = await exportFitState(newState());
const truth = await threeSteps("cpu", beginning);

for (const backend of ["wasm", "tensorflow", "webgpu"] as const) {
  const reason = await setBackend(backend).then(
    () => "",
    (error: Error) => ` (ignored: ${error.message})`,
  );
  Deno.test({
    name: `fit() makes the same three steps on ${backend} as on cpu${reason}`,
    ignore: reason !== "",
    fn: async () => {
      const { losses, snapshot } = await threeSteps(backend, beginning);
      losses.forEach((loss, step) => {
        const error = Math.abs(loss / truth.losses[step] - 1);
        assert(error <= LOSS, `loss of step ${step}: ${error}`);
      });
      for (const [name, { data }] of truth.snapshot.tensors) {
        const values = snapshot.tensors.get(name)!.data;
        const error = data.reduce((most, v, i) => Math.max(most, Math.abs(v - values[i])), 0);
        assert(error <= WEIGHT, `${name}: ${error}`);
      }
    },
  });
}
