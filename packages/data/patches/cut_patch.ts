import type { Patch, SampledCase } from "../patch_sampler.ts";
import type { Triple } from "../volume.ts";

/** Copies a part of a case; outside of the case the image is 0 and the label -1. */
export function cutPatch(
  source: SampledCase,
  { start, shape }: { start: Triple; shape: Triple },
): Patch {
  const { image, label, channels } = source;
  const count = shape[0] * shape[1] * shape[2];
  const patch: Patch = {
    image: new Float32Array(count * channels),
    label: new Int32Array(count).fill(label ? -1 : 0),
    shape,
    channels,
    start,
  };
  const [, height, width] = source.shape;
  const from = start.map((value) => Math.max(0, value));
  const to = start.map((value, axis) => Math.min(source.shape[axis], value + shape[axis]));
  const length = to[2] - from[2];
  if (length <= 0) return patch;
  for (let z = from[0]; z < to[0]; z++) {
    for (let y = from[1]; y < to[1]; y++) {
      const at = (z * height + y) * width + from[2];
      const target = ((z - start[0]) * shape[1] + y - start[1]) * shape[2] + from[2] - start[2];
      patch.image.set(image.subarray(at * channels, (at + length) * channels), target * channels);
      if (label) patch.label.set(label.subarray(at, at + length), target);
    }
  }
  return patch;
}
