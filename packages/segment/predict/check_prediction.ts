import type { PredictSlabsOptions } from "./predict_slabs.ts";

/** Refuses what cannot be predicted, before the first patch. */
export function checkPrediction(
  networks: number,
  volume: Float32Array,
  { shape, patchSize, channels = 1, mirrorAxes = [] }: PredictSlabsOptions,
): void {
  if (networks === 0) {
    throw new RangeError(
      "Cannot predict a volume as there must be at least one network: none given",
    );
  }
  if (!Number.isInteger(channels) || channels < 1) {
    throw new RangeError(
      `Cannot predict a volume as channels must be a positive integer: current value is ${channels}`,
    );
  }
  for (const [name, sizes] of [["shape", shape], ["patchSize", patchSize]] as const) {
    if (sizes.length !== 3 || sizes.some((size) => !Number.isInteger(size) || size < 1)) {
      throw new RangeError(
        `Cannot predict a volume as ${name} must be three positive integers: current value is [${
          sizes.join(", ")
        }]`,
      );
    }
  }
  const expected = shape[0] * shape[1] * shape[2] * channels;
  if (volume.length !== expected) {
    throw new RangeError(
      `Cannot predict a volume as [${
        [...shape, channels].join(", ")
      }] must hold ${expected} values: the volume has ${volume.length}`,
    );
  }
  if (mirrorAxes.some((axis) => ![0, 1, 2].includes(axis))) {
    throw new RangeError(
      `Cannot predict a volume as mirrorAxes must be 0, 1 or 2: current value is [${
        mirrorAxes.join(", ")
      }]`,
    );
  }
}
