/** What is known of an adapter, for messages and for the choice of a backend. */
export interface AdapterDescription {
  /** Its name, as the driver gives it. */
  name: string;
  /** Whether it computes on the processor. */
  software: boolean;
}

/** Names of adapters that compute on the processor. */
const SOFTWARE = /llvmpipe|lavapipe|swiftshader|softpipe|microsoft basic render|\bwarp\b/i;

/** The fastest adapter that WebGPU has; undefined where it has none. */
export async function findAdapter(): Promise<GPUAdapter | undefined> {
  const gpu = (globalThis.navigator as Partial<Navigator> | undefined)?.gpu;
  const unset = setRuntimeFolder();
  try {
    return await gpu?.requestAdapter({ powerPreference: "high-performance" }) ?? undefined;
  } finally {
    unset();
  }
}

/** On a machine without a desktop, Linux drivers write complaints to the terminal unless this variable is set. */
function setRuntimeFolder(): () => void {
  const name = "XDG_RUNTIME_DIR";
  const none = () => {};
  if (Deno.build.os !== "linux") return none;
  try {
    if (Deno.env.has(name)) return none;
    Deno.env.set(name, "/tmp");
    return () => Deno.env.delete(name);
  } catch (error) {
    // Not allowed to: then there are the complaints.
    if (error instanceof Deno.errors.NotCapable) return none;
    throw error;
  }
}

/** What an adapter is. */
export function describeAdapter({ info }: Pick<GPUAdapter, "info">): AdapterDescription {
  const { vendor, architecture, device, description } = info;
  const name = [description, device, vendor].find((each) => each) ?? "unnamed adapter";
  const software = info.isFallbackAdapter === true ||
    [vendor, architecture, device, description].some((each) => SOFTWARE.test(each));
  return { name, software };
}
