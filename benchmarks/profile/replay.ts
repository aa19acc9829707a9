/**
 * What the parts of a fused kernel take: they are run one after the other on a tile that lies in the cache.
 */

/** The parts that time is told apart by. */
export const PARTS = [
  "matrix multiply",
  "GELU",
  "depthwise convolution",
  "normalisation and sums",
  "copies and additions",
  "dispatch",
] as const;

/** One of them. */
export type Part = (typeof PARTS)[number];

/** Sizes of an inverted bottleneck, as its kernels read them. */
export interface BottleneckSizes {
  readonly channels: number;
  readonly expanded: number;
  readonly outputs: number;
  /** Voxels of a tile. */
  readonly tile: number;
}

/** What of the wasm backend is used: the kernels of the calling thread, and scratch memory. */
export interface Bench {
  readonly kernels: Readonly<Record<string, (...numbers: number[]) => void>>;
  readonly memory: WebAssembly.Memory;
  /** Gives `use` the address of so many bytes. */
  withScratch<T>(bytes: number, use: (address: number) => T): T;
}

const REPEATS = 40;

/** The least time of a call in milliseconds. */
function leastTime(call: () => void): number {
  for (let warm = 0; warm < 5; warm++) call();
  let least = Infinity;
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const start = performance.now();
    for (let i = 0; i < 4; i++) call();
    least = Math.min(least, (performance.now() - start) / 4);
  }
  return least;
}

/** Time of a matrix multiplication [rows, depth] [depth, columns] in milliseconds. */
export function timeOfProduct(
  bench: Bench,
  [rows, depth, columns]: readonly [number, number, number],
): number {
  const floats = rows * depth + depth * columns + (depth + 1) * (columns + 8) + rows * columns;
  return bench.withScratch(4 * floats + 256, (a) => {
    new Float32Array(bench.memory.buffer, a, floats).fill(0.5);
    const matrix = a + 4 * rows * depth;
    const panels = matrix + 4 * depth * columns;
    const y = panels + 4 * (depth + 1) * (columns + 8);
    const count = Math.ceil(columns / 8);
    bench.kernels.packPanels(matrix, 0, panels, depth, columns, columns, 1, 0, count);
    return leastTime(() => bench.kernels.multiplyPanels(a, panels, y, depth, columns, 0, rows));
  });
}

/** Time of X^T Y with X [rows, depth] and Y [rows, columns] in milliseconds. */
function timeOfOuterProduct(
  bench: Bench,
  [rows, depth, columns]: readonly [number, number, number],
): number {
  const floats = rows * (depth + columns) + depth * columns;
  return bench.withScratch(4 * floats + 256, (x) => {
    new Float32Array(bench.memory.buffer, x, floats).fill(0.5);
    const y = x + 4 * rows * depth;
    const args = [x, y, y + 4 * rows * columns, depth, columns, rows, rows];
    return leastTime(() => bench.kernels.multiplyTransposed(...args, 0, Math.ceil(depth / 24)));
  });
}

/** Time of an elementwise kernel of `inputs` arrays over `count` floats in milliseconds. */
function timeOfElements(bench: Bench, kernel: string, inputs: number, count: number): number {
  return bench.withScratch(4 * count * (inputs + 1) + 256, (address) => {
    new Float32Array(bench.memory.buffer, address, count * (inputs + 1)).fill(0.5);
    const args = Array.from({ length: inputs + 1 }, (_, i) => address + 4 * count * i);
    return leastTime(() => bench.kernels[kernel](...args, 0, count));
  });
}

/** Time of a normalisation of [rows, channels] in milliseconds. */
function timeOfAffine(bench: Bench, rows: number, channels: number): number {
  const floats = 2 * rows * channels + 3 * (channels + 8);
  return bench.withScratch(4 * floats + 256, (x) => {
    new Float32Array(bench.memory.buffer, x, floats).fill(0.5);
    const y = x + 4 * rows * channels;
    const c = y + 4 * rows * channels;
    const args = [x, c, c + 4 * channels, c + 8 * channels, y, channels];
    return leastTime(() => bench.kernels.channelAffine(...args, 0, rows));
  });
}

/** Time of `rows` voxels in a tile's sums over voxels. */
function timeOfSums(bench: Bench, rows: number, channels: number): number {
  return bench.withScratch(4 * rows * channels + 8 * (channels + 8) + 256, (x) => {
    new Float32Array(bench.memory.buffer, x, rows * channels).fill(0.5);
    const sums = x + Math.ceil(4 * rows * channels / 64) * 64;
    return leastTime(() => bench.kernels.channelSums(x, sums, channels, 0, rows));
  });
}

/** What each part of a fused kernel takes for one tile, in milliseconds. */
export function replayTile(
  bench: Bench,
  kernel: "bottleneckForward" | "bottleneckGradient",
  { channels: c, expanded: r, outputs: o, tile }: BottleneckSizes,
): Partial<Record<Part, number>> {
  const affine = timeOfAffine(bench, tile, c);
  const expand = timeOfProduct(bench, [tile, c, r]);
  if (kernel === "bottleneckForward") {
    return {
      "matrix multiply": expand + timeOfProduct(bench, [tile, r, o]),
      "GELU": timeOfElements(bench, "gelu", 1, tile * r),
      "normalisation and sums": affine,
      "copies and additions": timeOfElements(bench, "add", 2, tile * o),
    };
  }
  const products = timeOfProduct(bench, [tile, o, r]) + timeOfProduct(bench, [tile, r, c]);
  const outer = timeOfOuterProduct(bench, [tile, r, o]) + timeOfOuterProduct(bench, [tile, c, r]);
  return {
    "matrix multiply": expand + products + outer,
    // The activation and its slope come out of one pass.
    "GELU": timeOfElements(bench, "geluGradient", 2, tile * r),
    "normalisation and sums": affine + timeOfSums(bench, tile, o) + timeOfSums(bench, tile, r) +
      timeOfSums(bench, tile, c),
    "copies and additions": timeOfElements(bench, "multiply", 2, tile * r),
  };
}
