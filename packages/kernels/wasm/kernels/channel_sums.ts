import type { WasmBackend } from "../backend.ts";
import type { KernelName } from "../kernel_exports.ts";

/** Voxels of one task at least, and tasks at most. */
const VOXELS_PER_TASK = 2048;
const TASKS = 32;

/** Which sums of which voxels are asked for. */
export interface SumsRequest {
  /** A kernel of `assembly/channel_statistics.ts`. */
  kernel: Extract<
    KernelName,
    "channelSums" | "channelDeviations" | "channelProducts" | "voxelProducts"
  >;
  /** Its arguments before the address of the sums. */
  args: number[];
  voxels: number;
  channels: number;
  /** Kinds of sums that the kernel gives. */
  kinds: number;
}

/**
 * Sums over voxels for each channel, in float64: one array of `channels` for each kind. Each task sums a stretch of
 * voxels whose length depends on their number alone, and the stretches are added in their order.
 */
export function channelSums(backend: WasmBackend, request: SumsRequest): Float64Array[] {
  const { kernel, args, voxels, channels, kinds } = request;
  // A multiple of the 128 voxels that are summed in float32.
  const chunk = Math.max(VOXELS_PER_TASK, Math.ceil(voxels / TASKS / 128) * 128);
  const tasks = Math.ceil(voxels / chunk);
  const stride = Math.ceil(channels / 4) * 4;
  const bytes = kinds * stride * 8;
  return backend.withScratch(tasks * bytes, (address) => {
    const perTask = { argument: args.length, bytes };
    backend.run(kernel, [...args, address, channels], { items: voxels, chunk, perTask });
    const partials = new Float64Array(backend.runtime.memory.buffer, address, tasks * bytes / 8);
    return Array.from({ length: kinds }, (_, kind) => {
      const sums = new Float64Array(channels);
      for (let task = 0; task < tasks; task++) {
        const from = (task * kinds + kind) * stride;
        for (let c = 0; c < channels; c++) sums[c] += partials[from + c];
      }
      return sums;
    });
  });
}
