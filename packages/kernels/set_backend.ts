import { BACKENDS } from "./backends.ts";
import type { Precision } from "./precision.ts";
import { ensureRegistered } from "./run_kernel.ts";
import type { TensorFlowOptions } from "./tensorflow/options.ts";
import { tf } from "./tf.ts";

/** The name of a backend, or `"auto"` for the best one that is available. */
export type BackendName = "auto" | "wasm" | "tensorflow" | "webgpu" | "cpu";

export type { Precision };

/** Options of {@linkcode setBackend}. */
export interface SetBackendOptions {
  /**
   * Number of threads, for backends that have them; 0 means all cores. The cpu backend has one.
   * @default {0}
   */
  threads?: number;
  /**
   * With `mixed`, products of matrices round their factors to half the bits, and sum in float32 where the device does:
   * webgpu to float16 in forward passes, tensorflow to bfloat16 forward and backward. Depthwise and dense convolutions,
   * weights, statistics, losses, the optimiser and all tensors between kernels stay float32. The results then differ by
   * more than rounding, see the package's README. wasm and cpu compute in float32 only. It may change with every call.
   * @default {"float32"}
   */
  precision?: Precision;
  /**
   * Settings of the tensorflow backend alone.
   * @default {{}}
   */
  tensorflow?: TensorFlowOptions;
}

/** Every precision. */
const PRECISIONS: readonly Precision[] = ["float32", "mixed"];

/** More threads than this are a mistake in the argument, not a machine. */
const MOST_THREADS = 256;

type Name = keyof typeof BACKENDS;

/**
 * Registers and selects what TensorFlow.js computes on. If it fails, the backend before stays selected.
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
 * @param name Which one. `"auto"` takes tensorflow where TensorFlow finds a GPU, webgpu where there is another, and wasm
 *   elsewhere.
 * @param options The number of threads, the precision, and settings of single backends.
 * @returns The name of the backend that was chosen.
 * @throws {RangeError} If this version has no backend of that name, a setting is out of range, or the backend does not
 *   compute in the precision.
 * @throws {Error} If the backend does not start: the message says what is missing.
 */
export async function setBackend(
  name: BackendName = "auto",
  options: SetBackendOptions = {},
): Promise<string> {
  checkThreads(name, "threads", options.threads);
  checkThreads(name, "interOpThreads", options.tensorflow?.interOpThreads);
  const { precision = "float32" } = options;
  checkPrecision(name, precision);
  const chosen = name === "auto" ? await best(options) : checkName(name);
  checkPrecisionOf(chosen, { name, precision });
  ensureRegistered();
  await BACKENDS[chosen].start(options);
  if (!await tf.setBackend(chosen)) {
    throw new Error(
      `Cannot set the backend ${JSON.stringify(name)}: expected ${chosen} to start, and it failed`,
    );
  }
  return chosen;
}

/** The first backend whose machine this is. */
async function best(options: SetBackendOptions): Promise<Name> {
  for (const [name, { probe }] of Object.entries(BACKENDS)) {
    if ((await probe(options)).isChoice) return name as Name;
  }
  return "cpu";
}

function checkName(name: string): Name {
  if (Object.hasOwn(BACKENDS, name)) return name as Name;
  throw new RangeError(
    `Cannot set the backend ${JSON.stringify(name)}: expected one that this version has, ${
      list(["auto", ...Object.keys(BACKENDS)], ", ")
    }`,
  );
}

function checkPrecision(backend: string, precision: Precision): void {
  if (PRECISIONS.includes(precision)) return;
  throw new RangeError(
    `Cannot set the backend ${JSON.stringify(backend)}: expected precision to be ${
      list(PRECISIONS, " or ")
    }, found ${JSON.stringify(precision)}`,
  );
}

/** A chosen backend, which `auto` may have chosen, must have the precision: float32 in its place would be slower, unasked. */
function checkPrecisionOf(
  chosen: Name,
  { name, precision }: { name: BackendName; precision: Precision },
): void {
  const { precisions } = BACKENDS[chosen];
  if (precisions.includes(precision)) return;
  const able = Object.entries(BACKENDS).filter(([, each]) => each.precisions.includes(precision));
  const found = name === "auto"
    ? `${JSON.stringify(chosen)}, which "auto" takes here, and which`
    : "one that";
  throw new RangeError(
    `Cannot set the backend ${JSON.stringify(name)} with the precision ${
      JSON.stringify(precision)
    }: expected a backend that has it, ${
      list(able.map(([each]) => each), " or ")
    }, found ${found} computes in ${precisions.join(" or ")} only`,
  );
}

function list(names: readonly string[], separator: string): string {
  return names.map((each) => JSON.stringify(each)).join(separator);
}

function checkThreads(backend: string, option: string, threads: number = 0): void {
  if (Number.isInteger(threads) && threads >= 0 && threads <= MOST_THREADS) return;
  throw new RangeError(
    `Cannot set the backend ${
      JSON.stringify(backend)
    }: expected ${option} to be an integer from 0 (all cores) to ${MOST_THREADS}, found ${threads}`,
  );
}
