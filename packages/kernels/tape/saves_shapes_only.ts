import type { TapeNode } from "./tape_node.ts";

/**
 * Kernels whose gradients save tensors and read nothing of them but their shapes, in TensorFlow.js 4.22 and
 * here. Each sum at the end of a residual block is one: what is added would live until the backward pass.
 */
const SHAPES_ONLY: ReadonlySet<string> = new Set([
  "Add",
  "AddN",
  "Concat",
  "ExpandDims",
  "Mean",
  "PadV2",
  "Reshape",
  "ResizeTrilinear",
  "Slice",
  "Sub",
  "Subsample3d",
  "Sum",
]);

/** Whether the gradient of an operation needs only the shapes of what was saved for it. */
export function savesShapesOnly({ kernelName }: TapeNode): boolean {
  return SHAPES_ONLY.has(kernelName);
}
