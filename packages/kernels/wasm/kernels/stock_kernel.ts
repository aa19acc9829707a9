import type { NamedAttrMap, TensorInfo } from "@tensorflow/tfjs";
import type { WasmBackend } from "../backend.ts";

/**
 * A faster form of a kernel of TensorFlow.js for the cases that matter; undefined in any other case, and then the
 * stock kernel runs.
 */
export type StockKernel = (
  backend: WasmBackend,
  inputs: Record<string, TensorInfo>,
  attrs: NamedAttrMap,
) => TensorInfo | undefined;
