import { tf } from "./tf.ts";

/** What the current backend holds. What a backend does not count is undefined. */
export interface MemoryUse {
  /** The name of the backend. */
  backend: string;
  /** How many tensors there are, on all backends together. */
  tensors: number;
  /** Bytes of tensors and scratch now. */
  bytesInUse: number;
  /** The most bytes in use since the backend started or since {@linkcode resetPeakMemory}. */
  peakBytes?: number;
  /** The most bytes that there can be. */
  limitBytes?: number;
  /** Bytes that the backend has taken from the machine; it keeps them. At least the peak. */
  reservedBytes?: number;
  /** How many stretches of memory the bytes in use are. */
  blocks?: number;
}

/** What a backend that counts its bytes has. */
interface CountingBackend {
  memoryUse(): Omit<MemoryUse, "backend" | "tensors">;
  resetPeakMemory(): void;
}

/**
 * Tells how much memory the current backend uses, has used and can use.
 *
 * The wasm backend counts every byte of its memory, the scratch of its kernels included; small tensors that only kernels
 * of TensorFlow.js have seen lie outside. The tensorflow backend counts its tensors, not the scratch of TensorFlow's own
 * operations, the webgpu backend its buffers; neither knows a limit. The cpu backend knows no peak and no limit: its bytes
 * are those of `tf.memory()`.
 *
 * @example The peak of an operation
 * ```ts
 * import { gelu, memory, resetPeakMemory, setBackend, tf } from "@mednext/kernels";
 * import { assertEquals } from "@std/assert";
 *
 * await setBackend("wasm");
 * const x = tf.ones([64, 1024]);
 * gelu(x).dispose(); // by now x lies in the memory of the backend
 * const before = memory();
 * resetPeakMemory();
 * gelu(x).dispose();
 * assertEquals(memory().bytesInUse, before.bytesInUse);
 * assertEquals(memory().peakBytes, before.bytesInUse + 64 * 1024 * 4);
 * ```
 *
 * @returns The numbers now.
 */
export function memory(): MemoryUse {
  const backend = tf.getBackend();
  const { numTensors, numBytes } = tf.memory();
  const counts = countingBackend()?.memoryUse() ?? { bytesInUse: numBytes };
  return { backend, tensors: numTensors, ...counts };
}

/** Forgets the peak of {@linkcode memory}: the bytes in use now are the new one. */
export function resetPeakMemory(): void {
  countingBackend()?.resetPeakMemory();
}

function countingBackend(): CountingBackend | undefined {
  const backend = tf.backend() as unknown as Partial<CountingBackend>;
  return "memoryUse" in backend ? backend as CountingBackend : undefined;
}
