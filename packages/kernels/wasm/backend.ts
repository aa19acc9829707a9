import type { DataType, TensorInfo } from "@tensorflow/tfjs";
import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import { allocate, release } from "./allocator.ts";
import type { KernelName } from "./kernel_exports.ts";
import { type Job, runKernel, type Runtime, setThreads } from "./runtime.ts";

type Values = Parameters<MathBackendCPU["write"]>[0];
type DataId = TensorInfo["dataId"];

/** Mean and biased variance of each channel of one image. */
export interface ChannelStatistics {
  mean: Float64Array;
  variance: Float64Array;
}

/**
 * The cpu backend with the tensors of our kernels in one WebAssembly memory.
 *
 * What a kernel of ours gives, and what it has been given, has a view of that memory as its values; so the stock
 * kernels of the cpu backend read it as they read any array. What a stock kernel makes is an array outside, and moves
 * inside when a kernel of ours first needs it. Inheritance is TensorFlow.js's way to take a backend over.
 */
export class WasmBackend extends MathBackendCPU {
  readonly #runtime: Runtime;
  /** The views that own a block of the memory; any other view of it is a part of one of these. */
  readonly #owners = new WeakSet<object>();
  /** Statistics of each image of a tensor, taken when it was written. */
  readonly #statistics = new WeakMap<DataId, { shape: number[]; images: ChannelStatistics[] }>();
  /** What the kernel that runs has allocated, to be freed if it fails. */
  #fresh: TensorInfo[] = [];

  constructor(runtime: Runtime) {
    super();
    this.#runtime = runtime;
    // The stock backend greets the first tensor with advice to use another backend.
    (this as unknown as { firstUse: boolean }).firstUse = false;
  }

  /** The memory and its kernels. */
  get runtime(): Runtime {
    return this.#runtime;
  }

  /** Keeps what stock kernels make; a view of the memory is copied, since its block may be freed before it. */
  override write(values: Values, shape: number[], dtype: DataType): DataId {
    return super.write(detach(values), shape, dtype);
  }

  override move(id: DataId, values: Values, shape: number[], dtype: DataType, refCount: number) {
    super.move(id, detach(values), shape, dtype, refCount);
  }

  /** A copy: the memory is used again when the tensor is disposed. */
  override readSync(dataId: DataId): Values {
    return detach(super.readSync(dataId));
  }

  override disposeData(dataId: DataId, force = false): boolean {
    const values = this.data.has(dataId) ? this.data.get(dataId).values : undefined;
    const gone = super.disposeData(dataId, force);
    if (gone && values !== undefined && this.#owners.has(values)) {
      release(this.#runtime.allocator, (values as Float32Array).byteOffset);
    }
    return gone;
  }

  /** Ends the threads. */
  override dispose(): void {
    setThreads(this.#runtime, 1);
  }

  override memory(): { unreliable: boolean; reasons: string[]; numBytesInWasmMemory: number } {
    return { ...super.memory(), numBytesInWasmMemory: this.#runtime.allocator.bytesInUse };
  }

  /** What the memory holds, for `memory()` of this package. */
  memoryUse(): Record<
    "bytesInUse" | "peakBytes" | "limitBytes" | "reservedBytes" | "blocks",
    number
  > {
    const { bytesInUse, peakBytes, limit, used, memory } = this.#runtime.allocator;
    const reservedBytes = memory.buffer.byteLength;
    return { bytesInUse, peakBytes, limitBytes: limit, reservedBytes, blocks: used.size };
  }

  /** The bytes in use now are the new peak. */
  resetPeakMemory(): void {
    const { allocator } = this.#runtime;
    allocator.peakBytes = allocator.bytesInUse;
  }

  /** The address of a float32 tensor, which moves into the memory if it is not there. */
  address(info: TensorInfo): number {
    const data = this.data.get(info.dataId);
    const values = data.values as Float32Array;
    if (this.#owners.has(values)) return values.byteOffset;
    const view = this.#allocateView(info.shape);
    view.set(values);
    data.values = view;
    return view.byteOffset;
  }

  /** A new float32 tensor in the memory; its values are undefined. */
  output(shape: number[]): TensorInfo {
    const view = this.#allocateView(shape);
    const info: TensorInfo = {
      dataId: super.write(view, shape, "float32"),
      shape,
      dtype: "float32",
    };
    this.#fresh.push(info);
    return info;
  }

  /** The values of a tensor in the memory: valid until it is disposed. */
  values(info: TensorInfo): Float32Array {
    return this.data.get(info.dataId).values as Float32Array;
  }

  /** Keeps what is known of a tensor `[N, D, H, W, C]` for the normalisation that reads it. */
  keepStatistics({ dataId, shape }: TensorInfo, images: ChannelStatistics[]): void {
    this.#statistics.set(dataId, { shape, images });
  }

  /** What is known of the images of a tensor. Another shape of the same values has other images. */
  statisticsOf({ dataId, shape }: TensorInfo): ChannelStatistics[] | undefined {
    const known = this.#statistics.get(dataId);
    return known?.shape.every((size, axis) => size === shape[axis]) ? known.images : undefined;
  }

  /** Gives `use` the address of `bytes` bytes, and frees them when it returns. */
  withScratch<T>(bytes: number, use: (address: number) => T): T {
    const address = this.#allocate(bytes, () => `${bytes} bytes of scratch`);
    try {
      return use(address);
    } finally {
      release(this.#runtime.allocator, address);
    }
  }

  /** Runs a WebAssembly kernel over its items. */
  run(name: KernelName, args: number[], job: Job): void {
    runKernel(this.#runtime, name, args, job);
  }

  /** Runs a kernel of TensorFlow.js; if it fails, what it has allocated is freed. */
  runWhole<T>(kernel: () => T): T {
    this.#fresh = [];
    try {
      return kernel();
    } catch (error) {
      for (const info of this.#fresh) this.disposeData(info.dataId, true);
      throw error;
    } finally {
      this.#fresh = [];
    }
  }

  #allocateView(shape: number[]): Float32Array {
    const length = shape.reduce((product, size) => product * size, 1);
    const address = this.#allocate(length * 4, () => `a tensor of shape [${shape.join(", ")}]`);
    const view = new Float32Array(this.#runtime.memory.buffer, address, length);
    this.#owners.add(view);
    return view;
  }

  #allocate(bytes: number, what: () => string): number {
    const { allocator } = this.#runtime;
    const address = allocate(allocator, bytes);
    if (address !== undefined) return address;
    throw new RangeError(
      `Cannot allocate ${what()} in the wasm backend: ${bytes} bytes are needed, ` +
        `${allocator.bytesInUse} of at most ${allocator.limit} are in use`,
    );
  }
}

/** The values themselves, or a copy if they lie in shared memory. */
function detach(values: Values): Values {
  const shared = ArrayBuffer.isView(values) && values.buffer instanceof SharedArrayBuffer;
  return shared ? (values as Float32Array).slice() : values;
}
