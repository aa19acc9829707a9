/** A small network with two heads and batches for tests of training. */
import { tf } from "@mednext/kernels";
import type { Batch } from "../fit/batch.ts";
import { createFitState, type FitOptions, type FitState } from "../fit/create_fit_state.ts";
import type { FitSnapshot } from "../fit/export_fit_state.ts";

const SIZE: [number, number, number, number] = [1, 4, 4, 4];

/** Two heads, layers with and without a name, the same values each time. */
export function twoHeads(): tf.LayersModel {
  const initializer = (seed: number) => tf.initializers.glorotNormal({ seed });
  const input = tf.input({ shape: [4, 4, 4, 1] });
  const options = { padding: "same" as const, activation: "tanh" as const };
  const features = tf.layers.conv3d({
    filters: 4,
    kernelSize: 3,
    kernelInitializer: initializer(1),
    name: "stem",
    ...options,
  }).apply(input) as tf.SymbolicTensor;
  const head = (x: tf.SymbolicTensor, seed: number) =>
    tf.layers.conv3d({ filters: 2, kernelSize: 1, kernelInitializer: initializer(seed) })
      .apply(x) as tf.SymbolicTensor;
  const low = tf.layers.averagePooling3d({ poolSize: 2 }).apply(features) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs: [head(features, 2), head(low, 3)] });
}

/** Bright voxels are the foreground; a pure function of the step. */
export function batchOf(step: number): Batch {
  const images = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i * 1.3 + step));
  return { images, labels: Uint8Array.from(images, (v) => v > 0.2 ? 1 : 0), shape: SIZE };
}

/** A short training. */
export const RECIPE: FitOptions = { totalSteps: 6, learningRate: 0.05 };

/** The network at step 0. */
export function start(options: FitOptions = RECIPE): FitState {
  return createFitState(twoHeads(), options);
}

/** A snapshot as values that can be compared bit by bit. */
export function bytesOf({ json, tensors }: FitSnapshot): [unknown, [string, number[], number[]][]] {
  return [
    json,
    Array.from(tensors, ([name, { shape, data }]) => [
      name,
      shape,
      [...new Int32Array(data.buffer, data.byteOffset, data.length)],
    ]),
  ];
}
