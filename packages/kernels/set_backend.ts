import { ensureRegistered } from "./run_kernel.ts";
import { tf } from "./tf.ts";

/** The name of a backend, or `"auto"` for the best one that is available. */
export type BackendName = "auto" | "wasm" | "tensorflow" | "webgpu" | "cpu";

/** Options of {@linkcode setBackend}. */
export interface SetBackendOptions {
  /**
   * Number of threads, for backends that have them; 0 means all cores. The cpu backend has one.
   * @default {0}
   */
  threads?: number;
}

/** More threads than this are a mistake in the argument, not a machine. */
const MOST_THREADS = 256;

/** What this version can compute on, best first. */
const AVAILABLE: readonly string[] = ["wasm", "cpu"];

/**
 * Registers and selects what TensorFlow.js computes on.
 *
 * @example
 * ```ts
 * import { setBackend, tf } from "@mednext/kernels";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await setBackend("cpu"), "cpu");
 * assertEquals(tf.getBackend(), "cpu");
 * ```
 *
 * @param name Which one; `"auto"` takes the fastest of this version.
 * @param options The number of threads.
 * @returns The name of the backend that was chosen.
 * @throws {RangeError} If this version has no backend of that name, or the number of threads is not an
 *   integer from 0 to 256.
 */
export async function setBackend(
  name: BackendName = "auto",
  options: SetBackendOptions = {},
): Promise<string> {
  const { threads = 0 } = options;
  if (!Number.isInteger(threads) || threads < 0 || threads > MOST_THREADS) {
    throw new RangeError(
      `Cannot set the backend ${
        JSON.stringify(name)
      }: expected threads to be an integer from 0 (all cores) to ${MOST_THREADS}, found ${threads}`,
    );
  }
  const chosen = name === "auto" ? AVAILABLE[0] : name;
  if (!AVAILABLE.includes(chosen)) {
    throw new RangeError(
      `Cannot set the backend ${JSON.stringify(name)}: expected one that this version has, ${
        ["auto", ...AVAILABLE].map((each) => JSON.stringify(each)).join(", ")
      }`,
    );
  }
  ensureRegistered();
  if (chosen === "wasm") {
    const { registerWasmBackend } = await import("./wasm/register.ts");
    await registerWasmBackend({ threads });
  }
  if (!await tf.setBackend(chosen)) {
    throw new Error(
      `Cannot set the backend ${JSON.stringify(name)}: expected ${chosen} to start, and it failed`,
    );
  }
  return chosen;
}
