import { closeScopes, openScopes } from "./error_scope.ts";
import { largestBuffer } from "./device.ts";
import { mapNow } from "./map_now.ts";

/** Idle bytes that are never too many. */
const IDLE = 2 ** 28;
/** Bytes for a tensor that has none: a device binds no empty buffer. */
const LEAST_BYTES = 16;

/** Buffers of a device; those that are released are used again. Takes the place of TensorFlow.js' own, which has no limit. */
export class Buffers {
  /** Bytes of the buffers in use, of all that there are, and the most in use so far. */
  numBytesUsed = 0;
  numBytesAllocated = 0;
  peakBytes = 0;
  readonly #device: GPUDevice;
  readonly #submit: () => void;
  readonly #free = new Map<string, GPUBuffer[]>();
  readonly #used = new Set<GPUBuffer>();
  /** To map it is to wait for the device. */
  readonly #fence: GPUBuffer;

  /** `submit` sends the commands that are still to come off: what they use must not be destroyed before. */
  constructor(device: GPUDevice, submit: () => void) {
    this.#device = device;
    this.#submit = submit;
    const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ;
    this.#fence = device.createBuffer({ size: LEAST_BYTES, usage, mappedAtCreation: true });
    this.#fence.unmap();
  }

  /** How many buffers are in use. */
  get count(): number {
    return this.#used.size;
  }

  /**
   * A buffer of a size and a usage.
   *
   * @throws {RangeError} If it is larger than the device's limit, or the device has no memory left.
   */
  acquireBuffer(bytes: number, usage: number, mappedAtCreation = false, reuse = true): GPUBuffer {
    const size = bytes || LEAST_BYTES;
    const known = reuse ? this.#free.get(keyOf({ size, usage }))?.pop() : undefined;
    const buffer = known ?? this.#create({ size, usage, mappedAtCreation });
    this.#used.add(buffer);
    this.numBytesUsed += size;
    this.peakBytes = Math.max(this.peakBytes, this.numBytesUsed);
    return buffer;
  }

  /** Gives a buffer back. */
  releaseBuffer(buffer: GPUBuffer, reuse = true): void {
    if (!this.#used.delete(buffer)) return;
    this.numBytesUsed -= buffer.size;
    if (!reuse) return this.#destroy(buffer);
    const key = keyOf(buffer);
    const free = this.#free.get(key) ?? [];
    free.push(buffer);
    this.#free.set(key, free);
  }

  /** Destroys every buffer. */
  dispose(): void {
    this.#destroyFree();
    this.#fence.destroy();
    for (const buffer of this.#used) this.#destroy(buffer);
    this.#used.clear();
    this.numBytesUsed = 0;
  }

  #create(descriptor: GPUBufferDescriptor): GPUBuffer {
    checkSize(this.#device, descriptor.size);
    const idle = this.numBytesAllocated - this.numBytesUsed;
    if (idle > Math.max(IDLE, this.peakBytes)) this.#destroyFree();
    let { buffer, error } = this.#tryToCreate(descriptor);
    if (error !== undefined) {
      // What is kept for later may be what is missing now; its memory is back when the device has done with it.
      this.#destroyFree();
      mapNow(this.#fence);
      ({ buffer, error } = this.#tryToCreate(descriptor));
    }
    if (error !== undefined) {
      throw new RangeError(
        `Cannot allocate ${descriptor.size} bytes on the webgpu device, ${this.numBytesUsed} are in use: ${error}`,
      );
    }
    this.numBytesAllocated += descriptor.size;
    return buffer;
  }

  #tryToCreate(descriptor: GPUBufferDescriptor): { buffer: GPUBuffer; error?: string } {
    openScopes(this.#device);
    const buffer = this.#device.createBuffer(descriptor);
    return { buffer, error: closeScopes(this.#device) };
  }

  #destroyFree(): void {
    this.#submit();
    for (const buffer of [...this.#free.values()].flat()) this.#destroy(buffer);
    this.#free.clear();
  }

  #destroy(buffer: GPUBuffer): void {
    this.numBytesAllocated -= buffer.size;
    buffer.destroy();
  }
}

/** Throws if a buffer of so many bytes cannot be. */
export function checkSize(device: GPUDevice, bytes: number, what = "a buffer"): void {
  const limit = largestBuffer(device);
  if (bytes <= limit) return;
  throw new RangeError(
    `Cannot allocate ${what} on the webgpu device: ${bytes} bytes are needed, a buffer has at most ${limit}`,
  );
}

function keyOf({ size, usage }: { size: number; usage: number }): string {
  return `${size} ${usage}`;
}
