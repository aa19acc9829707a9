import type { tf } from "@mednext/kernels";

/** The outputs of a model as a list, full resolution first. */
export function modelHeads(outputs: unknown): tf.Tensor5D[] {
  return (Array.isArray(outputs) ? outputs : [outputs]) as tf.Tensor5D[];
}

/** The number of classes of a model: the last axis of its first output. */
export function modelClasses(model: tf.LayersModel): number {
  const shape = model.outputs[0].shape;
  const classes = shape.at(-1);
  if (shape.length !== 5 || typeof classes !== "number") {
    throw new RangeError(
      `Cannot train a model as its first output must be [N, D, H, W, classes]: it is [${
        shape.join(", ")
      }]`,
    );
  }
  return classes;
}
