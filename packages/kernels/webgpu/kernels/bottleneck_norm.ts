import type { TensorInfo } from "@tensorflow/tfjs";
import type { DeviceBackend } from "../backend.ts";
import { channelStatistics } from "./channel_statistics.ts";
import { layerStatistics } from "./layer_norm.ts";

/** What a bottleneck normalises x by. */
export interface BottleneckNorm {
  norm: "group" | "layer";
  x: TensorInfo;
  gamma: TensorInfo;
  beta: TensorInfo;
  mean: TensorInfo;
  reciprocalStd: TensorInfo;
}

/** Mean and 1 / sqrt(variance + epsilon) of each channel of each image, or of each voxel. */
export function bottleneckStatistics(
  backend: DeviceBackend,
  { norm, x, epsilon }: { norm: "group" | "layer"; x: TensorInfo; epsilon: number },
): { mean: TensorInfo; reciprocalStd: TensorInfo } {
  const statistics = norm === "layer" ? layerStatistics : channelStatistics;
  return statistics(backend, { name: "InvertedBottleneck", x, epsilon });
}

/** What a shader needs to normalise where it reads: `normalized(voxel, channel)`. */
export function normalizing({ norm, x, gamma, beta, mean, reciprocalStd }: BottleneckNorm): {
  inputs: Record<string, TensorInfo>;
  sizes: Record<string, number>;
  declarations: string;
} {
  const [depth, height, width, channels] = x.shape.slice(1);
  const place = norm === "layer" ? "voxel" : "voxel / p.imageVoxels * p.channels + c";
  return {
    inputs: { x, gamma, beta, mean, reciprocalStd },
    sizes: { channels, imageVoxels: depth * height * width },
    declarations: `
fn normalized(voxel: u32, c: u32) -> f32 {
  let place = ${place};
  return (x[voxel * p.channels + c] - mean[place]) * (reciprocalStd[place] * gamma[c]) + beta[c];
}`,
  };
}
