/**
 * How fast this machine trains, now.
 * @module
 */
import type { Triple } from "@mednext/data";
import { createMedNeXt, type MedNeXtConfig } from "@mednext/mednext";
import { createFitState, trainStep } from "@mednext/segment";
import { sized, trainingFlops } from "./network_needs.ts";

/** Small enough for seconds, large enough that all threads have work. */
const PATCH: Triple = [32, 32, 32];
/** Steps that are measured, behind one that warms up. */
const STEPS = 3;

/**
 * Measures training steps of the smallest size on one small patch: the fastest of a few, taken in turn, as other work
 * may come and go.
 *
 * @param network The network that is planned for; its size is replaced by S.
 * @param kernels Depthwise convolutions have a speed of their own, so that each kernel is measured.
 * @returns Kernel -> floating point operations of the convolutions in a second.
 */
export async function measureSpeeds(
  network: MedNeXtConfig,
  kernels: readonly number[],
): Promise<Map<number, number>> {
  const trainings = kernels.map((kernelSize) => {
    const small = sized(network, { size: "S", kernelSize });
    const model = createMedNeXt(small);
    const state = createFitState(model, { totalSteps: STEPS + 1 });
    return { kernelSize, small, model, state, fastest: Infinity };
  });
  try {
    const batch = makeBatch(network.inputChannels);
    for (let step = 0; step <= STEPS; step++) {
      for (const training of trainings) {
        const { milliseconds } = await trainStep(training.state, batch);
        if (step > 0) training.fastest = Math.min(training.fastest, milliseconds);
      }
    }
  } finally {
    for (const { state, model } of trainings) {
      state.dispose();
      model.dispose();
    }
  }
  return new Map(
    trainings.map(({ kernelSize, small, fastest }) =>
      [kernelSize, trainingFlops(small, PATCH, 1) / (fastest / 1000)] as const
    ),
  );
}

function makeBatch(channels: number) {
  const voxels = PATCH.reduce((product, size) => product * size, 1);
  return {
    images: Float32Array.from({ length: voxels * channels }, (_, i) => i % 7 - 3),
    labels: new Uint8Array(voxels),
    shape: [1, ...PATCH] as [number, ...Triple],
    channels,
  };
}
