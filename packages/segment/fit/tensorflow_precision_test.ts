import { assert, assertEquals } from "@std/assert";
import { setBackend, type SetBackendOptions, tf } from "@mednext/kernels";
import { createMedNeXt } from "@mednext/mednext";
import type { Batch } from "./batch.ts";
import { createFitState } from "./create_fit_state.ts";
import { exportFitState, type FitSnapshot } from "./export_fit_state.ts";
import { fit } from "./fit.ts";

/** ‖mixed - cpu‖ / ‖cpu‖ of the output; measured: 0.0053. */
const FORWARD = 0.01;
/** Of a loss; measured: up to 0.0055. */
const LOSS = 0.01;
/**
 * ‖mixed - float32‖ / ‖float32‖ of what three steps change in the weights; measured: 0.022. The gradients differ by 0.008:
 * AdamW divides each by its own size, so that small ones, of which rounding leaves less, count as much as large ones. The
 * patch leaves 2³ voxels to the deepest level. Where it leaves two, normalising them makes the difference 0.2.
 */
const WAY = 0.05;

const MIXED: SetBackendOptions = { precision: "mixed" };

const reason = await setBackend("tensorflow", MIXED).then(
  () => "",
  (error: Error) => ` (ignored: ${error.message})`,
);

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: name + reason, ignore: reason !== "", fn });
}

const SHAPE: [number, number, number] = [32, 32, 32];
const VOXELS = 32 ** 3;

/** Noise of its own for every step, so that no gradient vanishes. */
function batchOf(step: number): Batch {
  const images = tf.tidy(() =>
    tf.randomNormal([VOXELS], 0, 1, "float32", step + 1).dataSync() as Float32Array
  );
  return { images, labels: Uint8Array.from(images, (v) => v > 0 ? 1 : 0), shape: [1, ...SHAPE] };
}

const newModel = () =>
  createMedNeXt({
    ...{ inputChannels: 1, classes: 2, baseChannels: 4, blockCounts: Array(9).fill(1), seed: 1 },
    deepSupervision: true,
  });

/** The first head of a network with the weights of the seed. */
function forward(): Float32Array {
  const model = newModel();
  const { images } = batchOf(0);
  const values = tf.tidy(() => {
    const [first] = model.predict(tf.tensor(images, [1, ...SHAPE, 1])) as tf.Tensor[];
    return first.dataSync() as Float32Array;
  });
  model.dispose();
  return values;
}

/** Three steps from the weights of the seed. */
async function threeSteps(): Promise<
  { losses: number[]; before: FitSnapshot; after: FitSnapshot }
> {
  const state = createFitState(newModel(), { totalSteps: 100, learningRate: 1e-3 });
  const before = await exportFitState(state);
  const losses: number[] = [];
  const onStep = ({ loss }: { loss: number }) => void losses.push(loss);
  await fit(state, { batches: batchOf, steps: 3, onStep });
  const after = await exportFitState(state);
  state.dispose();
  return { losses, before, after };
}

/** How far all weights have come. */
function way({ before, after }: { before: FitSnapshot; after: FitSnapshot }): Float32Array {
  const names = [...before.tensors.keys()].filter((name) => name.startsWith("weight/"));
  const [from, to] = [before, after].map((each) =>
    names.flatMap((name) => [...each.tensors.get(name)!.data])
  );
  return Float32Array.from(to, (value, i) => value - from[i]);
}

function norm(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

function relativeError(actual: Float32Array, expected: Float32Array): number {
  return norm(actual.map((value, i) => value - expected[i])) / norm(expected);
}

test("a MedNeXt in mixed precision gives what it gives in float32, within some thousandths", async () => {
  await setBackend("cpu");
  const truth = forward();
  await setBackend("tensorflow");
  const exact = forward();
  await setBackend("tensorflow", MIXED);
  const error = relativeError(forward(), truth);
  assert(error <= FORWARD && error > 1e-3, `${error}`);
  await setBackend("tensorflow");
  assertEquals(forward(), exact);
});

test("fit() makes three steps in mixed precision that are close to those in float32", async () => {
  await setBackend("tensorflow");
  const exact = await threeSteps();
  await setBackend("tensorflow", MIXED);
  const mixed = await threeSteps();
  assertEquals(mixed.before, exact.before);
  mixed.losses.forEach((loss, step) => {
    const error = Math.abs(loss / exact.losses[step] - 1);
    assert(error <= LOSS, `loss of step ${step}: ${error}`);
  });
  const error = relativeError(way(mixed), way(exact));
  assert(error <= WAY && error > 1e-3, `${error}`);
  await setBackend("tensorflow");
  const again = await threeSteps();
  assertEquals(again.after, exact.after);
});
