import type { KernelConfig, NamedAttrMap } from "@tensorflow/tfjs";
import type { KernelName, Kernels } from "../kernel_types.ts";
import { ensureRegistered } from "../run_kernel.ts";
import type { Precision } from "../precision.ts";
import { tf } from "../tf.ts";
import { groupedConvolutionsWork } from "./grouped_convolutions_work.ts";
import { KERNELS } from "./kernels/kernels.ts";
import type { Device, TensorFlowKernel } from "./kernels/tensorflow_kernel.ts";
import { createNodeBackend, type NodeBackend } from "./node_backend.ts";
import { start, type Started, type StartOptions } from "./start.ts";

/** The name under which tfjs-node-gpu registers its kernels and looks for its backend. */
const NAME = "tensorflow";

interface Running extends Started {
  options: StartOptions;
  device: Device;
}

let running: Promise<Running> | undefined;

/**
 * Starts TensorFlow and registers its backend; a later call finds it running.
 *
 * @param options How TensorFlow starts.
 * @param precision What products are computed in from now on; stays as it is if not given.
 * @throws {Error} If TensorFlow is not found or does not start; the next call may try again.
 * @throws {RangeError} If it runs with other settings, which hold for the process.
 */
export async function registerTensorFlowBackend(
  options: StartOptions,
  precision?: Precision,
): Promise<Started> {
  const mine = running ??= create(options);
  try {
    const started = await mine;
    checkSameOptions(options, started.options);
    if (precision !== undefined) started.device.precision = precision;
    return started;
  } catch (error) {
    // Unless another call has begun anew meanwhile.
    if (running === mine && !tf.engine().registryFactory[NAME]) running = undefined;
    throw error;
  }
}

async function create(options: StartOptions): Promise<Running> {
  const started = await start(options);
  const backend = await createNodeBackend(started.binding);
  ensureRegistered();
  countMemory(backend);
  const isGpu = started.context.gpu !== undefined;
  const device: Device = {
    backend,
    precision: "float32",
    isGrouped: false,
    expandedAtOnce: isGpu ? 2 ** 25 : 2 ** 22,
  };
  for (const [kernelName, kernel] of Object.entries(KERNELS)) {
    const kernelFunc = kernelFuncOf(kernel as TensorFlowKernel<KernelName>, device);
    tf.registerKernel({ kernelName, backendName: NAME, kernelFunc });
  }
  tf.registerBackend(NAME, () => backend);
  const { depthwise = "auto" } = options;
  device.isGrouped = depthwise === "grouped" ||
    (depthwise === "auto" && isGpu && await probe(device));
  return { ...started, options, device };
}

/** Adds what `memory()` of this package asks for. */
function countMemory(backend: NodeBackend): void {
  const { handles } = backend.binding;
  Object.assign(backend, {
    memoryUse: () => ({
      bytesInUse: handles.bytesInUse,
      peakBytes: handles.peakBytes,
      blocks: handles.byId.size,
    }),
    resetPeakMemory: () => void (handles.peakBytes = handles.bytesInUse),
  });
}

/** Tries grouped convolutions on the new backend, and goes back to the one before. */
async function probe(device: Device): Promise<boolean> {
  const before = tf.getBackend();
  await tf.setBackend(NAME);
  const works = groupedConvolutionsWork(device);
  if (before) await tf.setBackend(before);
  return works;
}

function kernelFuncOf(
  kernel: TensorFlowKernel<KernelName>,
  device: Device,
): KernelConfig["kernelFunc"] {
  return ({ inputs, attrs }) =>
    tf.tidy(() =>
      kernel(
        inputs as unknown as Parameters<typeof kernel>[0],
        attrs as NamedAttrMap & Kernels[KernelName]["attrs"],
        device,
      )
    );
}

/** What is not given, and 0 threads, may be anything. */
function checkSameOptions(asked: StartOptions, running: StartOptions): void {
  for (const [name, value] of Object.entries(asked) as [keyof StartOptions, unknown][]) {
    const isFree = value === undefined || (name === "threads" && value === 0);
    if (isFree || value === running[name]) continue;
    throw new RangeError(
      `Cannot change ${name} of the running tensorflow backend: expected ${
        JSON.stringify(running[name] ?? "the default")
      }, found ${JSON.stringify(value)}; TensorFlow takes its settings once in a process`,
    );
  }
}
