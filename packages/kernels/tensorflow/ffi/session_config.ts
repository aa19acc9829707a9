import type { TensorFlowOptions } from "../options.ts";

/** How the backend starts, everything decided. */
export type ContextOptions =
  & Required<Pick<TensorFlowOptions, "interOpThreads" | "memoryGrowth" | "device">>
  & { threads: number };

/**
 * A `tensorflow.ConfigProto` (`tensorflow/core/protobuf/config.proto`), which is how the C interface takes
 * settings. Only integers, booleans, texts and messages are in it, so that a few lines encode it.
 */
export function sessionConfig(options: ContextOptions): Uint8Array<ArrayBuffer> {
  const { threads, interOpThreads, memoryGrowth, device } = options;
  const gpu = /^gpu:(\d+)$/.exec(device)?.[1];
  const gpuOptions = [
    ...integer(4, memoryGrowth ? 1 : 0), // allow_growth
    ...(gpu === undefined ? [] : text(5, gpu)), // visible_device_list
  ];
  return Uint8Array.from([
    // device_count: of the kind GPU none
    ...(device === "cpu" ? bytes(1, [...text(1, "GPU"), ...integer(2, 0)]) : []),
    ...integer(2, threads), // intra_op_parallelism_threads
    ...integer(5, interOpThreads), // inter_op_parallelism_threads
    ...bytes(6, gpuOptions), // gpu_options
    // allow_soft_placement: what has no kernel for the GPU runs beside it
    ...integer(7, 1),
  ]);
}

function integer(field: number, value: number): number[] {
  return [field << 3, ...varint(value)];
}

function text(field: number, value: string): number[] {
  return bytes(field, [...new TextEncoder().encode(value)]);
}

function bytes(field: number, content: number[]): number[] {
  return [field << 3 | 2, ...varint(content.length), ...content];
}

/** Seven bits a byte, lowest first; the eighth says that more come. */
function varint(value: number): number[] {
  return value < 128 ? [value] : [value & 127 | 128, ...varint(value >>> 7)];
}
