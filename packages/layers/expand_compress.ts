/**
 * Expansion, GELU and compression, without the expanded volume.
 * @module
 */
import { tf } from "@mednext/kernels";

/** The weights of an expansion from C to R channels and a compression to C'. */
export interface ExpandCompressWeights {
  /** Expansion: `[C, R]` and `[R]`. */
  expand: { filter: tf.Tensor2D; bias: tf.Tensor1D };
  /** Compression: `[R, C']` and `[C']`. */
  compress: { filter: tf.Tensor2D; bias: tf.Tensor1D };
}

/** The settings of an expansion and compression. */
export interface ExpandCompressOptions {
  /**
   * How many bytes of expanded activations there may be at a time.
   * @default {1048576}
   */
  slabBytes?: number;
}

type Info = tf.TensorInfo;

/** Runs a kernel of `@mednext/kernels` that has one output. */
const run = (name: string, inputs: Record<string, Info>): tf.Tensor =>
  tf.engine().runKernel(name, inputs as never) as tf.Tensor;

/** Voxels in rows: `[V, C]`, the same memory. */
const rows = (x: tf.Tensor): tf.Tensor2D => tf.reshape(x, [-1, x.shape[x.shape.length - 1]]);

/** Calls `use` for rows `begin` to `begin + count` of a matrix of `total` rows, slab by slab. */
function forEachSlab(
  { total, size }: { total: number; size: number },
  use: (begin: number, count: number) => void,
): void {
  for (let begin = 0; begin < total; begin += size) use(begin, Math.min(size, total - begin));
}

const cut = (x: tf.Tensor2D, begin: number, count: number): tf.Tensor2D =>
  count === x.shape[0] ? x : tf.slice2d(x, [begin, 0], [count, x.shape[1]]);

const join = (slabs: tf.Tensor2D[], shape: number[]): tf.Tensor =>
  tf.reshape(slabs.length === 1 ? slabs[0] : tf.concat2d(slabs, 0), shape);

/** Adds b to a and frees both; a may be missing. */
function accumulate(a: tf.Tensor | undefined, b: tf.Tensor): tf.Tensor {
  if (a === undefined) return b;
  const sum = tf.add(a, b);
  tf.dispose([a, b]);
  return sum;
}

function forward(x: tf.Tensor, weights: tf.Tensor[], size: number): tf.Tensor {
  const [expand, expandBias, compress, compressBias] = weights;
  const matrix = rows(x);
  const slabs: tf.Tensor2D[] = [];
  forEachSlab({ total: matrix.shape[0], size }, (begin, count) => {
    slabs.push(tf.tidy(() => {
      const slab = cut(matrix, begin, count);
      const expanded = run("Pointwise", { x: slab, filter: expand, bias: expandBias });
      const active = run("Gelu", { x: expanded });
      return run("Pointwise", { x: active, filter: compress, bias: compressBias }) as tf.Tensor2D;
    }));
  });
  return join(slabs, [...x.shape.slice(0, -1), compress.shape[1]!]);
}

/** The gradients for x and the four weights; the expanded slab is computed again. */
function backward(
  dy: tf.Tensor,
  [x, expand, expandBias, compress]: tf.Tensor[],
  size: number,
): tf.Tensor[] {
  const [matrix, dMatrix] = [rows(x), rows(dy)];
  const slabs: tf.Tensor2D[] = [];
  let sums: tf.Tensor[] = [];
  forEachSlab({ total: matrix.shape[0], size }, (begin, count) => {
    const [dSlab, ...gradients] = tf.tidy(() => {
      const [slab, dOutput] = [cut(matrix, begin, count), cut(dMatrix, begin, count)];
      const expanded = run("Pointwise", { x: slab, filter: expand, bias: expandBias });
      const active = run("Gelu", { x: expanded });
      const dCompress = run("PointwiseBackpropFilter", { x: active, dy: dOutput });
      active.dispose();
      const dActive = run("PointwiseBackpropInput", { dy: dOutput, filter: compress });
      const dExpanded = run("GeluGrad", { x: expanded, dy: dActive });
      return [
        run("PointwiseBackpropInput", { dy: dExpanded, filter: expand }),
        run("PointwiseBackpropFilter", { x: slab, dy: dExpanded }),
        run("ChannelSum", { x: dExpanded }),
        dCompress,
        run("ChannelSum", { x: dOutput }),
      ];
    });
    slabs.push(dSlab as tf.Tensor2D);
    sums = gradients.map((gradient, i) => accumulate(sums[i], gradient));
  });
  return [join(slabs, x.shape), ...sums];
}

/**
 * Pointwise expansion, exact GELU and pointwise compression, slab of voxels by slab of voxels: the expanded
 * volume, two to eight times the feature map, never exists. The backward pass computes each slab again.
 *
 * @example
 * ```ts
 * import { expandCompress } from "@mednext/layers";
 * import { setBackend, tf } from "@mednext/kernels";
 * import { assertEquals } from "@std/assert";
 *
 * await setBackend("cpu");
 * const y = expandCompress(tf.ones([1, 4, 4, 4, 2]), {
 *   expand: { filter: tf.ones([2, 8]), bias: tf.zeros([8]) },
 *   compress: { filter: tf.ones([8, 3]), bias: tf.zeros([3]) },
 * });
 * assertEquals(y.shape, [1, 4, 4, 4, 3]);
 * ```
 * @param x `[N, D, H, W, C]`.
 * @param weights The weights.
 * @param options The size of a slab.
 * @returns `[N, D, H, W, C']`.
 */
export function expandCompress(
  x: tf.Tensor5D,
  weights: ExpandCompressWeights,
  options: ExpandCompressOptions = {},
): tf.Tensor5D {
  const { slabBytes = 2 ** 20 } = options;
  const { expand, compress } = weights;
  const size = Math.max(1, Math.floor(slabBytes / (4 * expand.filter.shape[1])));
  const operation = tf.customGrad((...args) => {
    const save = args.pop() as unknown as (tensors: tf.Tensor[]) => void;
    const [input, ...filters] = args as tf.Tensor[];
    save([input, ...filters]);
    return {
      value: tf.tidy(() => forward(input, filters, size)),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.tidy(() => backward(dy, saved, size)),
    };
  });
  return operation(x, expand.filter, expand.bias, compress.filter, compress.bias) as tf.Tensor5D;
}
