import { assertEquals, assertNotEquals } from "@std/assert";
import { setBackend } from "@mednext/kernels";
import { createMedNeXt } from "@mednext/mednext";
import { predictVolume } from "../predict/predict_volume.ts";
import type { Batch } from "./batch.ts";
import { createFitState } from "./create_fit_state.ts";
import { exportFitState } from "./export_fit_state.ts";
import { fit } from "./fit.ts";
import { importFitState } from "./import_fit_state.ts";

const SHAPE: [number, number, number] = [16, 32, 16];

function batchOf(step: number): Batch {
  const images = Float32Array.from({ length: 16 * 32 * 16 }, (_, i) => Math.sin(i * 0.37 + step));
  return { images, labels: Uint8Array.from(images, (v) => v > 0 ? 1 : 0), shape: [1, ...SHAPE] };
}

function smallNetwork(seed: number) {
  return createMedNeXt({
    inputChannels: 1,
    classes: 2,
    baseChannels: 2,
    blockCounts: Array(9).fill(1),
    deepSupervision: true,
    seed,
  });
}

for (const backend of ["cpu", "wasm"] as const) {
  Deno.test(`fit() trains a MedNeXt on five heads whose snapshot predicts the same elsewhere, ${backend}`, async () => {
    await setBackend(backend, { threads: 1 });
    const state = createFitState(smallNetwork(1), { totalSteps: 100 });
    const losses: number[] = [];
    await fit(state, {
      batches: () => batchOf(0),
      steps: 3,
      onStep: ({ loss }) => void losses.push(loss),
    });
    assertEquals(losses[2] < losses[0], true, losses.join());

    const options = { shape: SHAPE, patchSize: SHAPE };
    const volume = batchOf(7).images;
    const other = createFitState(smallNetwork(2), { totalSteps: 100 });
    const expected = await predictVolume(state.model, volume, options);
    assertNotEquals((await predictVolume(other.model, volume, options)).scores, expected.scores);
    importFitState(other, await exportFitState(state));
    assertEquals(await predictVolume(other.model, volume, options), expected);
  });
}
