import type { KernelName, Kernels } from "../../kernel_types.ts";
import type { Precision } from "../../precision.ts";
import type { tf } from "../../tf.ts";
import type { NodeBackend } from "../node_backend.ts";

/** The inputs of a kernel, as tensors that operations of TensorFlow.js take. */
export type Tensors<Inputs> = { [Name in keyof Inputs]: tf.Tensor };

/** What a kernel may ask of its backend besides the operations of TensorFlow.js. */
export interface Device {
  backend: NodeBackend;
  /** What products of matrices are computed in; `mixed` is bfloat16. */
  precision: Precision;
  /** Whether depthwise convolutions are grouped 3-D convolutions of cuDNN. */
  isGrouped: boolean;
  /** How many expanded values of an inverted bottleneck are computed at once; a few temporaries are as large. */
  expandedAtOnce: number;
}

/**
 * How the tensorflow backend runs one kernel of the contract: operations of TensorFlow.js, none of which comes onto a
 * tape. It runs in a scope that frees everything but what it returns.
 */
export type TensorFlowKernel<K extends KernelName> = (
  inputs: Tensors<Kernels[K]["inputs"]>,
  attrs: Kernels[K]["attrs"],
  device: Device,
) => tf.Tensor | tf.Tensor[];
