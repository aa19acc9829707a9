import type { MedNeXtConfig } from "@mednext/mednext";
import { sizeBehind, unitTensors } from "../../packages/mednext/memory/unit_tensors.ts";
import { resolveConfig } from "../../packages/mednext/resolve_config.ts";
import { unitsOf } from "../../packages/mednext/units/unit.ts";

/**
 * Bytes that a forward pass of one patch moves at least if nothing stays in a cache from one kernel to the next, and the
 * expanded values never leave it: each depthwise convolution reads its input and writes its output; the statistics
 * read that, the bottleneck reads it again, reads the residual and writes its output.
 */
export function leastBytes(config: MedNeXtConfig, patchSize: readonly number[]): number {
  let size = patchSize;
  let bytes = 0;
  for (const unit of unitsOf(resolveConfig(config))) {
    if (unit.kind === "head") continue;
    const { input, mixed, compressed, output } = unitTensors(unit, size, 1);
    bytes += unit.kind === "stem"
      ? input + output
      : input + 3 * mixed + compressed + (unit.kind === "block" ? input : input + 2 * output);
    size = sizeBehind(unit, size);
  }
  return bytes;
}
