import type { Probe } from "../backends.ts";
import { describeAdapter, findAdapter } from "./adapter.ts";

/** Looks for an adapter; one that computes on the processor is no choice of its own, as `wasm` is faster there. */
export async function probeWebgpu(): Promise<Probe> {
  const adapter = await findAdapter();
  if (adapter === undefined) return { isChoice: false, found: "no WebGPU adapter" };
  const { name, software } = describeAdapter(adapter);
  return {
    isChoice: !software,
    found: software ? `${name}, which computes on the processor` : name,
  };
}
