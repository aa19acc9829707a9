import type { WasmBackend } from "../backend.ts";

/** Voxels of one task. */
const VOXELS_PER_TASK = 512;

/** The voxels of one image. */
export interface Image {
  address: number;
  voxels: number;
  channels: number;
}

/** Copies arrays of one value per channel into the memory and gives `use` their addresses. */
export function withChannelArrays<T>(
  backend: WasmBackend,
  arrays: ArrayLike<number>[],
  use: (addresses: number[]) => T,
): T {
  const stride = Math.ceil(arrays[0].length / 4) * 16;
  return backend.withScratch(arrays.length * stride, (address) => {
    const addresses = arrays.map((_, index) => address + index * stride);
    arrays.forEach((array, index) => {
      new Float32Array(backend.runtime.memory.buffer, addresses[index], array.length).set(array);
    });
    return use(addresses);
  });
}

/** y = (x - centre) factor + shift, with addresses of one value per channel. */
export function affine(
  backend: WasmBackend,
  { address, voxels, channels }: Image,
  { centre, factor, shift, y }: { centre: number; factor: number; shift: number; y: number },
): void {
  backend.run("channelAffine", [address, centre, factor, shift, y, channels], {
    items: voxels,
    chunk: VOXELS_PER_TASK,
  });
}

/** dx = (dy - dyCentre) scale + (x - centre) slope. */
export function affineGradient(
  backend: WasmBackend,
  { address, voxels, channels }: Image,
  { dy, dx, coefficients }: {
    dy: number;
    dx: number;
    coefficients: Record<"centre" | "dyCentre" | "scale" | "slope", ArrayLike<number>>;
  },
): void {
  const { centre, dyCentre, scale, slope } = coefficients;
  withChannelArrays(backend, [centre, dyCentre, scale, slope], (arrays) => {
    backend.run("channelAffineGradient", [address, dy, ...arrays, dx, channels], {
      items: voxels,
      chunk: VOXELS_PER_TASK,
    });
  });
}
