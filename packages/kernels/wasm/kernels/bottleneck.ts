import type { WasmBackend } from "../backend.ts";
import { type Matrix, withPanels } from "./pointwise.ts";

/** Channels before, inside and behind. */
export interface BottleneckSizes {
  channels: number;
  expanded: number;
  outputs: number;
}

/** The fields of `assembly/inverted_bottleneck.ts`, in their order; what is not used is 0. */
const FIELDS = [
  ...["channels", "expanded", "outputs", "tile", "scratch", "scratchBytes", "x"],
  ...["centre", "scale", "shift", "layer", "reciprocalStd", "epsilon", "expand", "compress"],
  ...["residual", "y", "dy", "dx", "expandTransposed", "compressTransposed"],
] as const;

/** Values of the fields. */
export type BottleneckFields = Partial<Record<string, number>>;

/** Writes the fields where the kernels read them, and gives `use` their address. */
export function withBottleneck(
  backend: WasmBackend,
  fields: BottleneckFields,
  use: (address: number) => void,
): void {
  backend.withScratch(FIELDS.length * 4, (address) => {
    const view = new DataView(backend.runtime.memory.buffer, address);
    FIELDS.forEach((name, i) => {
      const value = fields[name] ?? 0;
      if (name === "epsilon") view.setFloat32(i * 4, value, true);
      else view.setUint32(i * 4, value, true);
    });
    use(address);
  });
}

/** Bytes that a tile's activations may take, so that they stay in the level-2 cache. */
const TILE_BYTES = 262144;
/** Voxels of a tile at most; a multiple of the six rows of a register tile. */
const LARGEST_TILE = 192;
/** Tiles at least, where there are voxels for them, so that threads have something to share. */
const TILES = 4;

/** Voxels of a tile. It depends on the sizes alone, so that results do not depend on the number of threads. */
export function tileOf(voxels: number, { channels, expanded }: BottleneckSizes): number {
  const fit = Math.min(LARGEST_TILE, TILE_BYTES / (4 * (channels + expanded)), voxels / TILES);
  return Math.max(2, Math.floor(fit / 6)) * 6;
}

/** Bytes of `count` float32, up to a multiple of four. */
export function floatBytes(count: number): number {
  return Math.ceil(count / 4) * 16;
}

/** Gives `use` memory for `bytes` for each thread. */
export function withThreadScratch(
  backend: WasmBackend,
  bytes: number,
  use: (fields: { scratch: number; scratchBytes: number }) => void,
): void {
  const scratchBytes = Math.ceil(bytes / 64) * 64;
  const threads = backend.runtime.pool?.threads ?? 1;
  backend.withScratch(threads * scratchBytes, (scratch) => use({ scratch, scratchBytes }));
}

/** Gives `use` the addresses of several matrices in panels. */
export function withAllPanels(
  backend: WasmBackend,
  matrices: Record<string, Matrix>,
  use: (addresses: Record<string, number>) => void,
): void {
  const entries = Object.entries(matrices);
  const next = (index: number, addresses: Record<string, number>): void => {
    if (index === entries.length) return use(addresses);
    const [name, matrix] = entries[index];
    withPanels(backend, matrix, (packed) => next(index + 1, { ...addresses, [name]: packed }));
  };
  next(0, {});
}

/** A matrix [rows, columns] as it lies in memory. */
export function plain(address: number, [depth, columns]: number[], bias: number): Matrix {
  return { address, bias, depth, columns, rowStep: columns, columnStep: 1 };
}

/** Its transpose. */
export function transposed(address: number, [columns, depth]: number[]): Matrix {
  return { address, bias: 0, depth, columns, rowStep: 1, columnStep: depth };
}
