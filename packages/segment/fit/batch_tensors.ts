import { tf } from "@mednext/kernels";
import type { Batch } from "./batch.ts";

/** A batch as tensors; refuses labels that the network has no class for. */
export function batchTensors(
  batch: Batch,
  classes: number,
): { images: tf.Tensor5D; labels: tf.Tensor4D } {
  const { images, labels, shape, channels = 1 } = batch;
  const voxels = shape.reduce((total, size) => total * size, 1);
  if (images.length !== voxels * channels || labels.length !== voxels) {
    throw new RangeError(
      `Cannot use a batch as [${shape.join(", ")}] with ${channels} channels must hold ${
        voxels * channels
      } intensities and ${voxels} labels: found ${images.length} and ${labels.length}`,
    );
  }
  let highest = 0;
  for (const label of labels) if (label > highest) highest = label;
  if (highest >= classes) {
    throw new RangeError(
      `Cannot use a batch as its labels must be below ${classes}, the classes of the network: found ${highest}`,
    );
  }
  return {
    images: tf.tensor5d(images, [...shape, channels]),
    labels: tf.tensor4d(Int32Array.from(labels), [...shape], "int32"),
  };
}
