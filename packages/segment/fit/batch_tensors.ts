import { tf } from "@mednext/kernels";
import type { DiceCrossEntropyLossOptions } from "../loss/dice_cross_entropy_loss.ts";
import type { Batch } from "./batch.ts";

/** What the labels of a batch may be. */
export interface LabelRange {
  /** The number of outputs of the network. */
  classes: number;
  /** Whether labels mean classes or regions, and which one is ignored. */
  loss?: Pick<DiceCrossEntropyLossOptions, "regions" | "ignoreClass">;
}

/** A batch as tensors; refuses labels that the network has no class for. */
export function batchTensors(
  batch: Batch,
  { classes, loss = {} }: LabelRange,
): { images: tf.Tensor5D; labels: tf.Tensor4D } {
  const { images, labels, shape, channels = 1 } = batch;
  const voxels = shape.reduce((total, size) => total * size, 1);
  if (images.length !== voxels * channels || labels.length !== voxels) {
    throw new RangeError(
      `Cannot use a batch as [${shape.join(", ")}] with ${channels} ${
        channels === 1 ? "channel" : "channels"
      } must hold ${
        voxels * channels
      } intensities and ${voxels} labels: found ${images.length} and ${labels.length}`,
    );
  }
  let highest = 0;
  for (const label of labels) {
    if (label > highest && label !== loss.ignoreClass) highest = label;
  }
  // With regions there may be any number of classes, some of them in no region.
  if (highest >= classes && loss.regions === undefined) {
    throw new RangeError(
      `Cannot use a batch as its labels must be below ${classes}, the classes of the network: found ${highest}`,
    );
  }
  return {
    images: tf.tensor5d(images, [...shape, channels]),
    labels: tf.tensor4d(Int32Array.from(labels), [...shape], "int32"),
  };
}
