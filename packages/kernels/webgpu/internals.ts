import type { Buffers } from "./buffers.ts";

/** What TensorFlow.js 4.22's webgpu backend keeps to itself and a kernel of ours needs. */
export interface Internals {
  bufferManager: Buffers;
  commandEncoder: GPUCommandEncoder | null;
  computePassEncoder: GPUComputePassEncoder | null;
  /** Tensors that commands which are not submitted yet use; their buffers are not given back before. */
  commandQueueOwnedIds: WeakSet<object>;
  uniformPendingDisposal: GPUBuffer[];
  dispatchCountInPass: number;
  pipelineCache: Record<string, unknown>;
}

/** A program of TensorFlow.js: the name of its class tells what it computes. */
export interface StockProgram {
  constructor: { name: string };
}
