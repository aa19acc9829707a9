/** A training on noise that takes a second, for comparing devices. */
import { createMedNeXt } from "@mednext/mednext";
import type { Batch } from "../fit/batch.ts";
import { createFitState } from "../fit/create_fit_state.ts";

/** Voxels of a patch along D, H, W. */
export const SHAPE: [number, number, number] = [16, 32, 16];

/** Noise of its own for every step, so that no gradient vanishes. */
export function batchOf(step: number): Batch {
  const images = Float32Array.from({ length: 16 * 32 * 16 }, (_, i) => Math.sin(i * 0.37 + step));
  return { images, labels: Uint8Array.from(images, (v) => v > 0 ? 1 : 0), shape: [1, ...SHAPE] };
}

/** A training of a tiny MedNeXt that has not begun. */
export function newState() {
  const model = createMedNeXt({
    ...{ inputChannels: 1, classes: 2, baseChannels: 2, blockCounts: Array(9).fill(1), seed: 1 },
    deepSupervision: true,
  });
  return createFitState(model, { totalSteps: 100, learningRate: 1e-3 });
}
