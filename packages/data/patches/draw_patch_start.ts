import type { SampledCase, SamplePatchOptions } from "../patch_sampler.ts";
import type { RandomStream } from "../random.ts";
import type { Triple } from "../volume.ts";

/** Draws the first voxel of a patch of the enlarged size; see `samplePatch`. */
export function drawPatchStart(source: SampledCase, options: SamplePatchOptions): Triple {
  const { patchSize, enlargedSize = patchSize, stream, forceForeground = false } = options;
  const centre = centreVoxel(source, { stream, forceForeground });
  return source.shape.map((size, axis) => {
    const enlarged = enlargedSize[axis];
    const padding = Math.max(enlarged - patchSize[axis], enlarged - size);
    const lowest = Math.floor(-padding / 2);
    if (centre) return Math.max(lowest, centre[axis] - Math.floor(enlarged / 2));
    const highest = size + Math.floor(padding / 2) + padding % 2 - enlarged;
    return lowest + stream.integer(highest - lowest + 1);
  }) as Triple;
}

function centreVoxel(
  { foreground, annotated, shape }: SampledCase,
  { stream, forceForeground }: { stream: RandomStream; forceForeground: boolean },
): Triple | undefined {
  const classes = forceForeground ? foreground.filter(({ voxels }) => voxels.length > 0) : [];
  const voxels = classes.length > 0 ? classes[stream.integer(classes.length)].voxels : annotated;
  if (!voxels || voxels.length === 0) return undefined;
  const voxel = voxels[stream.integer(voxels.length)];
  const row = Math.floor(voxel / shape[2]);
  return [Math.floor(row / shape[1]), row % shape[1], voxel % shape[2]];
}
