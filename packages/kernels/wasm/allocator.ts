/** A stretch of memory. */
interface Block {
  /** First byte. */
  address: number;
  /** Length. */
  bytes: number;
}

/** Which stretches of a WebAssembly memory are in use, and which are free. */
export interface Allocator {
  /** The memory; grows when no free block is large enough. */
  memory: WebAssembly.Memory;
  /** Free blocks by rising address; no two touch. */
  free: Block[];
  /** Length of every block in use, by address. */
  used: Map<number, number>;
  /** Sum of the lengths of the blocks in use. */
  bytesInUse: number;
  /** The largest that this sum has been since the start, or since it was set to the present sum. */
  peakBytes: number;
  /** The memory never grows past this many bytes. */
  limit: number;
}

/** Every block starts and ends on such a boundary: one cache line. */
const ALIGNMENT = 64;
const PAGE = 65536;
/** Smallest growth, so that the memory does not grow by one page at a time. */
const SMALLEST_GROWTH = 16 * 2 ** 20;
/** Vectors may be loaded past the end of the last block: the memory's last bytes are never given out. */
const SLACK = 64;

/** An allocator of the bytes of `memory` from `start` on. */
export function createAllocator(
  memory: WebAssembly.Memory,
  { start, limit }: { start: number; limit: number },
): Allocator {
  const free = [{ address: start, bytes: memory.buffer.byteLength - SLACK - start }];
  return { memory, free, used: new Map(), bytesInUse: 0, peakBytes: 0, limit };
}

/** The address of `bytes` new bytes; undefined if there are not so many below the limit. */
export function allocate(allocator: Allocator, bytes: number): number | undefined {
  const size = Math.max(Math.ceil(bytes / ALIGNMENT), 1) * ALIGNMENT;
  const block = smallestFit(allocator, size) ?? grow(allocator, size);
  if (block === undefined) return undefined;
  const { address } = block;
  block.address += size;
  block.bytes -= size;
  if (block.bytes === 0) allocator.free.splice(allocator.free.indexOf(block), 1);
  allocator.used.set(address, size);
  allocator.bytesInUse += size;
  allocator.peakBytes = Math.max(allocator.peakBytes, allocator.bytesInUse);
  return address;
}

/** Gives a block back; it joins the free blocks that it touches. */
export function release(allocator: Allocator, address: number): void {
  const bytes = allocator.used.get(address);
  if (bytes === undefined) throw new Error(`Cannot free address ${address}: it is not in use`);
  allocator.used.delete(address);
  allocator.bytesInUse -= bytes;
  insert(allocator.free, { address, bytes });
}

function smallestFit({ free }: Allocator, size: number): Block | undefined {
  let best: Block | undefined;
  for (const block of free) {
    if (block.bytes >= size && (best === undefined || block.bytes < best.bytes)) best = block;
  }
  return best;
}

/** Grows the memory so that its last free block has `size` bytes. */
function grow({ memory, free, limit }: Allocator, size: number): Block | undefined {
  const length = memory.buffer.byteLength;
  const last = free.at(-1);
  const atEnd = last !== undefined && last.address + last.bytes === length - SLACK ? last.bytes : 0;
  const least = Math.ceil((size - atEnd) / PAGE) * PAGE;
  if (length + least > limit) return undefined;
  const bytes = Math.min(
    Math.max(least, SMALLEST_GROWTH),
    Math.floor((limit - length) / PAGE) * PAGE,
  );
  try {
    memory.grow(bytes / PAGE);
  } catch (error) {
    // The machine has less memory than the limit.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  return insert(free, { address: length - SLACK, bytes });
}

/** Inserts a free block in its place, joined with its neighbours; gives the joined block. */
function insert(free: Block[], block: Block): Block {
  let low = 0;
  let high = free.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (free[middle].address < block.address) low = middle + 1;
    else high = middle;
  }
  const next = free[low];
  if (next !== undefined && block.address + block.bytes === next.address) {
    block.bytes += next.bytes;
    free.splice(low, 1);
  }
  const previous = free[low - 1];
  if (previous !== undefined && previous.address + previous.bytes === block.address) {
    previous.bytes += block.bytes;
    return previous;
  }
  free.splice(low, 0, block);
  return block;
}
