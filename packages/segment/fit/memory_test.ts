import { assert, assertEquals } from "@std/assert";
import { setBackend, tf, valueAndGradients } from "@mednext/kernels";
import { createMedNeXt } from "@mednext/mednext";
import { deepSupervisionLoss } from "../loss/deep_supervision_loss.ts";
import type { Batch } from "./batch.ts";
import { batchTensors } from "./batch_tensors.ts";
import { createFitState, type FitState } from "./create_fit_state.ts";
import { fit } from "./fit.ts";
import { modelHeads } from "./model_heads.ts";
import { trainStep } from "./train_step.ts";

const SIZE: [number, number, number, number] = [1, 32, 32, 16];

function batchOf(step: number): Batch {
  const voxels = SIZE.reduce((total, size) => total * size, 1);
  const images = Float32Array.from({ length: voxels }, (_, i) => Math.sin(i * 0.37 + step));
  return { images, labels: Uint8Array.from(images, (v) => v > 0 ? 1 : 0), shape: SIZE };
}

/** A MedNeXt with five heads under training. */
function training(options: { rematerialize?: boolean; grn?: boolean } = {}): FitState {
  const model = createMedNeXt({
    inputChannels: 1,
    classes: 2,
    baseChannels: 8,
    deepSupervision: true,
    seed: 1,
    ...options,
  });
  return createFitState(model, { totalSteps: 100 });
}

function stop(state: FitState): void {
  state.dispose();
  state.model.dispose();
}

type Compute = (f: () => tf.Scalar, variables: tf.Variable[]) => (tf.Tensor | undefined)[];

const ours: Compute = (f, variables) => {
  const { value, gradients } = valueAndGradients(f, variables);
  return [value, ...gradients];
};

const stock: Compute = (f, variables) => {
  const { value, grads } = tf.variableGrads(f, variables);
  return [value, ...variables.map(({ name }) => grads[name])];
};

/** Loss and gradients of the first step, with the largest number of bytes in the WebAssembly memory. */
async function firstStep({ model, trained, classes }: FitState, compute: Compute) {
  let results: Int32Array[] = [];
  const peak = await peakOf(() =>
    tf.tidy(() => {
      const { images, labels } = batchTensors(batchOf(0), { classes });
      const loss = () =>
        deepSupervisionLoss(modelHeads(model.apply(images, { training: true })), labels);
      results = compute(loss, [...trained.values()]).map((tensor) =>
        new Int32Array((tensor!.dataSync() as Float32Array).slice().buffer)
      );
    })
  );
  return { results, peak };
}

/** The largest number of bytes, after any kernel, in the memory of the wasm backend. */
async function peakOf(run: () => unknown): Promise<number> {
  const engine = tf.engine();
  const plain = engine.runKernel;
  const bytes = () =>
    (tf.memory() as unknown as { numBytesInWasmMemory: number }).numBytesInWasmMemory;
  const start = bytes();
  let peak = start;
  engine.runKernel = function <T>(this: typeof engine, ...args: Parameters<typeof plain>): T {
    const outputs = plain.apply(this, args);
    peak = Math.max(peak, bytes());
    return outputs as T;
  } as typeof plain;
  try {
    await run();
  } finally {
    engine.runKernel = plain;
  }
  return peak - start;
}

for (
  const { rematerialize, grn, factor } of [
    { rematerialize: false, grn: false, factor: 2 },
    { rematerialize: true, grn: false, factor: 1.4 },
    { rematerialize: false, grn: true, factor: 2 },
  ]
) {
  const name = `${rematerialize ? ", rematerialized" : ""}${grn ? ", with GRN" : ""}`;
  Deno.test(`trainStep() has the gradients of tf.variableGrads for less memory, MedNeXt${name}`, async () => {
    await setBackend("wasm", { threads: 2 });
    const state = training({ rematerialize, grn });
    const expected = await firstStep(state, stock);
    // By now the weights lie in the WebAssembly memory.
    const before = tf.memory();
    const actual = await firstStep(state, ours);
    assertEquals(actual.results, expected.results);
    assert(actual.results.every((values) => values.some((bits) => bits !== 0)));
    assertEquals(tf.memory(), before);
    for (const peak of [actual.peak, await peakOf(() => trainStep(state, batchOf(0)))]) {
      assert(
        peak * factor < expected.peak,
        `expected less than 1/${factor} of ${expected.peak} bytes, found ${peak}`,
      );
    }
    stop(state);
  });
}

Deno.test("fit() holds the same tensors and bytes after each of twenty steps, MedNeXt", async () => {
  await setBackend("wasm", { threads: 2 });
  const state = training();
  const held: string[] = [];
  await fit(state, {
    batches: batchOf,
    steps: 20,
    onStep: () => void held.push(JSON.stringify(tf.memory())),
  });
  assertEquals(held.length, 20);
  // The first step may move weights into the WebAssembly memory.
  assertEquals(new Set(held.slice(1)).size, 1);
  stop(state);
});
