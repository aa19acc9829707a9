import { BACKENDS } from "./backends.ts";
import type { BackendName, SetBackendOptions } from "./set_backend.ts";

/** A backend on this machine. */
export interface BackendReport {
  /** Its name, as for `setBackend`. */
  name: string;
  /** Whether `setBackend("auto")` takes it. */
  isChosen: boolean;
  /** What was found, or what is missing, in words. */
  found: string;
}

/** Options of {@linkcode probeBackends}. */
export interface ProbeBackendsOptions extends SetBackendOptions {
  /**
   * The one backend to look at, as if there were no others.
   * @default {all of them}
   */
  only?: Exclude<BackendName, "auto">;
}

/**
 * Looks what each backend finds on this machine, and which one `setBackend("auto")` takes. It may open libraries, and start
 * TensorFlow where there is an NVIDIA GPU; the backend that is selected stays.
 *
 * @example
 * ```ts
 * import { probeBackends } from "@mednext/kernels";
 * import { assertEquals } from "@std/assert";
 *
 * const reports = await probeBackends();
 * assertEquals(reports.map(({ name }) => name), ["tensorflow", "webgpu", "wasm", "cpu"]);
 * assertEquals(reports.filter(({ isChosen }) => isChosen).length, 1);
 * ```
 *
 * @param options As for `setBackend`, and which one to look at.
 * @returns One report for each backend, in the order in which `auto` asks them.
 */
export async function probeBackends(options: ProbeBackendsOptions = {}): Promise<BackendReport[]> {
  const { only } = options;
  const reports: BackendReport[] = [];
  for (const [name, { probe, describe }] of Object.entries(BACKENDS)) {
    if (only !== undefined && name !== only) continue;
    const { isChoice, found } = await probe(options);
    const isChosen = isChoice && !reports.some(({ isChosen }) => isChosen);
    const more = isChoice ? undefined : await describe?.(options);
    reports.push({ name, isChosen, found: more === undefined ? found : `${found}; ${more}` });
  }
  return reports;
}
