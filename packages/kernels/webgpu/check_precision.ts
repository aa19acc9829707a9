import { describeAdapter } from "./adapter.ts";
import { hasFloat16 } from "./device.ts";
import type { Precision } from "../precision.ts";

/**
 * Throws if an adapter cannot compute in a precision.
 *
 * @throws {Error} If it has no float16 and mixed precision is asked for.
 */
export function checkPrecision(
  precision: Precision,
  adapter: Pick<GPUAdapter, "features" | "info">,
): void {
  if (precision === "float32" || hasFloat16(adapter)) return;
  throw new Error(
    `Cannot set the backend "webgpu" to the precision "mixed": expected an adapter with the feature shader-f16, found ${
      describeAdapter(adapter).name
    } without it ("float32" works)`,
  );
}
