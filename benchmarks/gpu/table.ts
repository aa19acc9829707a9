import { flopCount } from "@mednext/mednext";
import { median } from "../statistics.ts";
import { leastBytes } from "./least_bytes.ts";
import { gpuNetwork, type GpuOutcome, type GpuWork, type Runner } from "./task.ts";

/** One work on one runner. */
export interface GpuRow {
  readonly work: GpuWork;
  readonly runner: Runner;
  /** What was measured, or why nothing was. */
  readonly result: GpuOutcome | { readonly error: string };
}

/** Of a training step, in forward passes: the gradients of inputs and of weights are as much as one each. */
const PASSES = { forward: 1, train: 3 };

const HEADER = ["work", "runner", "time", "peak memory", "bandwidth", "arithmetic"];

/** Time, memory, and what they come to: least bytes and operations of the work over the time. */
export function formatGpuTable(rows: readonly GpuRow[]): string {
  const lines = [HEADER, HEADER.map(() => "---"), ...rows.map(cells)];
  return lines.map((line) => `| ${line.join(" | ")} |`).join("\n");
}

function cells({ work, runner, result }: GpuRow): string[] {
  const { size, kernelSize, voxels, kind } = work;
  const title = `${size} k${kernelSize} ${kind} ${voxels}³`;
  if ("error" in result) return [title, runner, result.error, "", "", ""];
  const time = median(result.seconds);
  const patchSize = [voxels, voxels, voxels];
  const network = gpuNetwork(work);
  const bytes = PASSES[kind] * leastBytes(network, patchSize);
  const operations = PASSES[kind] * flopCount(network, { patchSize }).total;
  return [
    ...[title, runner, `${(time * 1000).toPrecision(4)} ms`],
    result.peakBytes === null ? "" : `${(result.peakBytes / 2 ** 30).toFixed(2)} GiB`,
    `${(bytes / time / 1e9).toPrecision(3)} GB/s`,
    `${(operations / time / 1e9).toPrecision(3)} GFLOP/s`,
  ];
}
