import { type Binding, createBinding } from "./ffi/binding.ts";
import { type Context, createContext, deleteContext } from "./ffi/context.ts";
import { missingCuda } from "./ffi/missing_cuda.ts";
import { type Library, openLibrary } from "./ffi/open_library.ts";
import type { ContextOptions } from "./ffi/session_config.ts";
import type { TensorFlowOptions } from "./options.ts";

/** Everything that decides how TensorFlow starts. */
export type StartOptions = TensorFlowOptions & {
  /** Threads of one operation; 0 means one per core. */
  threads: number;
};

/** A started TensorFlow and what it was started with. */
export interface Started {
  library: Library;
  context: Context;
  binding: Binding;
}

/**
 * Finds, opens and starts TensorFlow.
 *
 * @throws {RangeError} If a setting is none of those that there are.
 * @throws {Error} If there is no library, or no GPU where one was asked for.
 */
export async function start(options: StartOptions): Promise<Started> {
  const { threads, interOpThreads = 0, memoryGrowth = true, device = "auto" } = options;
  checkChoice("device", device, /^(auto|cpu|gpu|gpu:\d+)$/, '"auto", "cpu", "gpu" or "gpu:1"');
  const { depthwise = "auto" } = options;
  checkChoice("depthwise", depthwise, /^(auto|slices|grouped)$/, '"auto", "slices" or "grouped"');
  const library = await openLibrary(options.library);
  const { tensorFloat32 = false } = options;
  library.symbols._ZN3tsl32enable_tensor_float_32_executionEb?.(tensorFloat32);
  const contextOptions: ContextOptions = { threads, interOpThreads, memoryGrowth, device };
  const context = createContext(library.symbols, contextOptions);
  // TensorFlow has grouped convolutions on GPUs alone.
  const needsGpu = device.startsWith("gpu") || depthwise === "grouped";
  if (needsGpu && context.gpu === undefined) {
    deleteContext(context);
    throw new Error(
      device === "cpu"
        ? 'Cannot compute on the CPU with tensorflow: expected depthwise "auto" or "slices", found "grouped"'
        : `Cannot compute on a GPU with tensorflow: ${noGpu(library)}`,
    );
  }
  return { library, context, binding: createBinding(context) };
}

/** Why TensorFlow has no GPU. */
export function noGpu({ symbols, path, version }: Library): string {
  const hasCuda = symbols._ZN10tensorflow19IsGoogleCudaEnabledEv?.() ?? true;
  if (!hasCuda) {
    return `expected a TensorFlow that was built for CUDA, found one for the CPU alone, ${path} ${version}; ` +
      `"deno task setup:tensorflow --cuda" gets one`;
  }
  const missing = missingCuda(path);
  if (missing.length > 0) return `expected the libraries of CUDA, missing ${missing.join(", ")}`;
  return "expected a GPU that TensorFlow can see, found none; nvidia-smi lists those that the driver sees, " +
    "and CUDA_VISIBLE_DEVICES can hide them";
}

function checkChoice(option: string, value: string, known: RegExp, expected: string): void {
  if (known.test(value)) return;
  throw new RangeError(
    `Cannot set the backend "tensorflow": expected ${option} to be ${expected}, found ${
      JSON.stringify(value)
    }`,
  );
}
