import { type Binding, createBinding } from "./ffi/binding.ts";
import { type Context, createContext } from "./ffi/context.ts";
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
 * @throws {Error} If there is no library, or no GPU where one was asked for.
 */
export async function start(options: StartOptions): Promise<Started> {
  quiet();
  const library = await openLibrary(options.library);
  const { threads, interOpThreads = 0, memoryGrowth = true, device = "auto" } = options;
  const { tensorFloat32 = false } = options;
  library.symbols._ZN3tsl32enable_tensor_float_32_executionEb?.(tensorFloat32);
  const contextOptions: ContextOptions = { threads, interOpThreads, memoryGrowth, device };
  const context = createContext(library.symbols, contextOptions);
  if (device.startsWith("gpu") && context.gpu === undefined) {
    throw new Error(`Cannot compute on a GPU with tensorflow: ${noGpu(library)}`);
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

/** TensorFlow tells on stderr what it does not find; errors say it here. Who sets the variable hears it all. */
function quiet(): void {
  const variable = "TF_CPP_MIN_LOG_LEVEL";
  if (Deno.env.get(variable) === undefined) Deno.env.set(variable, "2");
}
