/**
 * What the self-test computes on every backend: a small network, the same everywhere.
 * @module
 */
import type { Triple } from "@mednext/data";
import { memory, resetPeakMemory, tf } from "@mednext/kernels";
import { createMedNeXt, type MedNeXtConfig } from "@mednext/mednext";
import { createFitState, trainStep, type TrainStepReport } from "@mednext/segment";

/** The paper's smallest network with half of its channels: the cpu backend is to take seconds. */
const NETWORK: MedNeXtConfig = {
  ...{ inputChannels: 1, classes: 2, size: "S", kernelSize: 3, baseChannels: 16, seed: 1 },
  deepSupervision: true,
};

/** The network and its training on one volume. */
export interface Trial extends Disposable {
  /** The logits of the volume, `[D, H, W, classes]`, and how long they took. */
  forward(): { logits: Float32Array; milliseconds: number };
  /** One step of training, and the most memory that it took, where the backend counts it. */
  step(): Promise<TrainStepReport & { peakBytes?: number }>;
}

/** A new trial on the selected backend; weights and voxels are the same each time. */
export function createTrial(shape: Triple): Trial {
  const model = createMedNeXt(NETWORK);
  const state = createFitState(model, { totalSteps: 100 });
  const length = shape.reduce((product, size) => product * size, 1);
  // No voxel is like its neighbours, so that all taps of the kernels count; whole numbers are exact.
  const images = Float32Array.from({ length }, (_, i) => ((i * 7919) % 101 - 50) / 32);
  const labels = Uint8Array.from(images, (value) => value > 0.5 ? 1 : 0);
  return {
    forward() {
      const start = performance.now();
      const logits = tf.tidy(() => {
        const volume = tf.tensor(images, [1, ...shape, 1]);
        const [full] = model.predict(volume) as tf.Tensor[];
        return full.dataSync() as Float32Array;
      });
      return { logits, milliseconds: performance.now() - start };
    },
    async step() {
      resetPeakMemory();
      const report = await trainStep(state, { images, labels, shape: [1, ...shape] });
      return { ...report, peakBytes: memory().peakBytes };
    },
    [Symbol.dispose]() {
      state.dispose();
      model.dispose();
    },
  };
}
