import type { Probe } from "../backends.ts";
import { countGpus } from "./ffi/count_gpus.ts";
import { openLibrary } from "./ffi/open_library.ts";
import { registerTensorFlowBackend } from "./register.ts";
import { noGpu, type StartOptions } from "./start.ts";

/**
 * Looks for an NVIDIA GPU, and where there is one starts TensorFlow to see whether it answers. Without a GPU nothing is
 * opened but the driver's library, and nothing is asked for that Deno does not allow yet.
 */
export async function probeTensorFlow(options: StartOptions): Promise<Probe> {
  const { state } = await Deno.permissions.query({ name: "ffi" });
  if (state !== "granted") return none("not looked for: Deno needs --allow-ffi");
  if (countGpus() === 0) return none("no NVIDIA GPU");
  try {
    const { context, library } = await registerTensorFlowBackend(options);
    if (context.gpu === undefined) return none(noGpu(library));
    return { isChoice: true, found: `TensorFlow ${library.version} on ${context.gpu}` };
  } catch (error) {
    return none((error as Error).message);
  }
}

/** Which TensorFlow there is, or that there is none. */
export async function describeTensorFlow(library?: string): Promise<string> {
  try {
    const { version, path, source } = await openLibrary(library);
    return `TensorFlow ${version}, ${path} (${source})`;
  } catch (error) {
    return (error as Error).message;
  }
}

function none(found: string): Probe {
  return { isChoice: false, found };
}
