import type { Volume } from "@mednext/data";
import { applyPostprocessing, type PostprocessingStep } from "@mednext/segment";

/** A mask after its post-processing. */
export function postprocessed(mask: Volume, steps: readonly PostprocessingStep[]): Volume {
  const data = mask.data as Uint8Array | Uint16Array | Int32Array;
  return { ...mask, data: applyPostprocessing(data, steps, { shape: mask.shape }) };
}
