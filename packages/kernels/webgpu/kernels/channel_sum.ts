import type { TensorInfo } from "@tensorflow/tfjs";
import type { DeviceBackend } from "../backend.ts";
import { columnSums } from "./column_sums.ts";
import { sizeOf, type WebgpuKernel } from "./webgpu_kernel.ts";

export const channelSum: WebgpuKernel<"ChannelSum"> = (backend, { x }) => {
  const columns = x.shape.at(-1)!;
  return reshaped(columnSumOf(backend, x, sizeOf(x.shape) / columns), [columns]);
};

function columnSumOf(backend: DeviceBackend, x: TensorInfo, rows: number): TensorInfo {
  return columnSums(backend, {
    name: "ChannelSum",
    inputs: { x },
    ...{ images: 1, rows, columns: x.shape.at(-1)!, sums: 1 },
    add: "sum[0] += x[at];",
  });
}

/** The same values in another shape. */
export function reshaped({ dataId, dtype }: TensorInfo, shape: number[]): TensorInfo {
  return { dataId, dtype, shape };
}
