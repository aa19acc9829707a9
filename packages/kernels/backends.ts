import type { Precision } from "./precision.ts";
import type { SetBackendOptions } from "./set_backend.ts";

/** What is found of a backend on this machine. */
export interface Probe {
  /** Whether `auto` may take it. */
  isChoice: boolean;
  /** What was found, or what is missing. */
  found: string;
}

/** A backend as `setBackend` knows it; its code is loaded by `start`, not before. */
export interface BackendEntry {
  /** What its products can be computed in. */
  precisions: readonly Precision[];
  /** Registers the backend with TensorFlow.js, and starts it. */
  start: (options: SetBackendOptions) => Promise<void>;
  /** Looks whether the machine has what the backend is for, without starting it if that can be told. */
  probe: (options: SetBackendOptions) => Promise<Probe>;
  /** What else there is to say where `auto` does not take it; may take a second. */
  describe?: (options: SetBackendOptions) => Promise<string>;
}

/** Every backend of this version, in the order in which `auto` asks them. */
export const BACKENDS: Readonly<Record<"tensorflow" | "webgpu" | "wasm" | "cpu", BackendEntry>> = {
  tensorflow: {
    precisions: ["float32", "mixed"],
    start: async ({ threads = 0, precision = "float32", tensorflow }) => {
      const { registerTensorFlowBackend } = await import("./tensorflow/register.ts");
      await registerTensorFlowBackend({ ...tensorflow, threads }, precision);
    },
    probe: async ({ threads = 0, tensorflow }) => {
      const { probeTensorFlow } = await import("./tensorflow/probe.ts");
      return await probeTensorFlow({ ...tensorflow, threads });
    },
    describe: async ({ tensorflow }) => {
      const { describeTensorFlow } = await import("./tensorflow/probe.ts");
      return await describeTensorFlow(tensorflow?.library);
    },
  },
  webgpu: {
    precisions: ["float32", "mixed"],
    start: async ({ precision }) => {
      const { registerWebgpuBackend } = await import("./webgpu/register.ts");
      await registerWebgpuBackend({ precision });
    },
    probe: async () => {
      const { probeWebgpu } = await import("./webgpu/probe.ts");
      return await probeWebgpu();
    },
  },
  wasm: {
    precisions: ["float32"],
    start: async ({ threads = 0 }) => {
      const { registerWasmBackend } = await import("./wasm/register.ts");
      await registerWasmBackend({ threads });
    },
    probe: () => {
      const found = `WebAssembly, ${navigator.hardwareConcurrency} threads`;
      return Promise.resolve({ isChoice: true, found });
    },
  },
  cpu: {
    precisions: ["float32"],
    start: () => Promise.resolve(),
    probe: () => Promise.resolve({ isChoice: true, found: "plain TypeScript" }),
  },
};
