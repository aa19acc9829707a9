// Normalise, expand, GELU, compress, add, in tiles of voxels: the expanded activations of a tile stay in the cache and are
// never written to a tensor. The backward pass computes them again.
import { channelAffine } from "./channel_affine";
import { channelProducts, channelSums, voxelProducts } from "./channel_statistics";
import { add, multiply } from "./elementwise";
import { gelu, geluAndSlope } from "./gelu";
import { layerNorm, layerNormGradient } from "./layer_norm";
import { multiplyPanels } from "./matrix_multiply";
import { transposedTile } from "./outer_products";
import { threadIndex } from "./thread";

/**
 * Sizes and addresses of one image's bottleneck, as 32-bit numbers in memory that the host writes in this order. Matrices
 * are panels as packPanels leaves them.
 */
@unmanaged
export class Bottleneck {
  /** Channels before, inside and behind. */
  channels!: i32;
  expanded!: i32;
  outputs!: i32;
  /** Voxels of one tile. */
  tile!: i32;
  /** Memory for one tile: `scratchBytes` for each thread. */
  scratch!: usize;
  scratchBytes!: i32;
  /** [voxels, channels]. */
  x!: usize;
  /**
   * Group normalisation: [channels] each, normalised = (x - centre) scale + shift, and `layer` is 0. Layer normalisation:
   * `centre` and `reciprocalStd` are those of each voxel, `scale` and `shift` the weights.
   */
  centre!: usize;
  scale!: usize;
  shift!: usize;
  layer!: i32;
  reciprocalStd!: usize;
  epsilon!: f32;
  expand!: usize;
  compress!: usize;
  /** [voxels, outputs], or 0. */
  residual!: usize;
  /** [voxels, outputs]. */
  y!: usize;
  /** What is only in the backward pass: [voxels, outputs], [voxels, channels] and the transposed matrices. */
  dy!: usize;
  dx!: usize;
  expandTransposed!: usize;
  compressTransposed!: usize;
}

// @ts-ignore: decorator
@inline
function floats(rows: i32, columns: i32): usize {
  return usize(rows) * usize(columns) << 2;
}

/** A multiple of four. */
// @ts-ignore: decorator
@inline
function padded(count: i32): usize {
  return usize(count + 3 & ~3);
}

/** The normalised voxels `from` and following, in `target` [rows, channels]. */
function normalizeTile(b: Bottleneck, target: usize, from: i32, rows: i32): void {
  const x = b.x + floats(from, b.channels);
  if (b.layer) {
    const offset = floats(from, 1);
    layerNorm(x, b.scale, b.shift, target, b.centre + offset, b.reciprocalStd + offset, b.channels, b.epsilon, 0, rows);
  } else {
    channelAffine(x, b.centre, b.scale, b.shift, target, b.channels, 0, rows);
  }
}

/** y for voxels `begin..end`. */
export function bottleneckForward(b: Bottleneck, begin: i32, end: i32): void {
  const normalized = b.scratch + usize(threadIndex) * usize(b.scratchBytes);
  const active = normalized + floats(b.tile, b.channels);
  for (let from = begin; from < end; from += b.tile) {
    const rows = min(b.tile, end - from), at = floats(from, b.outputs);
    normalizeTile(b, normalized, from, rows);
    multiplyPanels(normalized, b.expand, active, b.channels, b.expanded, 0, rows);
    gelu(active, active, 0, rows * b.expanded);
    multiplyPanels(active, b.compress, b.y + at, b.expanded, b.outputs, 0, rows);
    if (b.residual != 0) add(b.y + at, b.residual + at, b.y + at, 0, rows * b.outputs);
  }
}

/** Adds `count` float64. */
function addDoubles(source: usize, target: usize, count: usize): void {
  for (let i: usize = 0; i < count; i += 2) {
    const at = i << 3;
    v128.store(target + at, f64x2.add(v128.load(target + at), v128.load(source + at)));
  }
}

/**
 * The gradients of voxels `begin..end`: dx, or with group normalisation that of the normalised voxels in its place, and in
 * `out` the sums of these voxels: of the matrices in float32, [channels, expanded] and [expanded, outputs] filled up to
 * a multiple of 16 bytes each, then in float64, filled up to four each, those of the biases inside and behind, of beta,
 * and of gamma, there with group normalisation of dy (x - centre).
 */
export function bottleneckGradient(b: Bottleneck, out: usize, begin: i32, end: i32): void {
  const c = b.channels, r = b.expanded, o = b.outputs;
  const normalized = b.scratch + usize(threadIndex) * usize(b.scratchBytes);
  const slope = normalized + (padded(b.tile * c) << 2), active = slope + (padded(b.tile * r) << 2);
  const sums = active + (padded(b.tile * r) << 2);
  const dCompress = out + (padded(c * r) << 2), dExpandBias = dCompress + (padded(r * o) << 2);
  const dCompressBias = dExpandBias + (padded(r) << 3), dNorm = dCompressBias + (padded(o) << 3);
  memory.fill(out, 0, dNorm + (padded(c) << 4) - out);
  for (let from = begin; from < end; from += b.tile) {
    const rows = min(b.tile, end - from);
    const x = b.x + floats(from, c), dy = b.dy + floats(from, o), dx = b.dx + floats(from, c);
    normalizeTile(b, normalized, from, rows);
    multiplyPanels(normalized, b.expand, slope, c, r, 0, rows);
    geluAndSlope(slope, active, slope, 0, rows * r);
    addTransposed(active, dy, dCompress, r, o, rows);
    channelSums(dy, sums, o, 0, rows);
    addDoubles(sums, dCompressBias, padded(o));
    // From here on `active` holds the gradient of the expanded voxels.
    multiplyPanels(dy, b.compressTransposed, active, o, r, 0, rows);
    multiply(active, slope, active, 0, rows * r);
    addTransposed(normalized, active, out, c, r, rows);
    channelSums(active, sums, r, 0, rows);
    addDoubles(sums, dExpandBias, padded(r));
    multiplyPanels(active, b.expandTransposed, dx, r, c, 0, rows);
    if (b.layer) {
      const mean = b.centre + floats(from, 1), reciprocalStd = b.reciprocalStd + floats(from, 1);
      voxelProducts(x, dx, mean, reciprocalStd, sums, c, 0, rows);
      layerNormGradient(x, dx, b.scale, mean, reciprocalStd, dx, c, 0, rows);
    } else {
      channelProducts(x, dx, b.centre, sums, c, 0, rows);
    }
    addDoubles(sums, dNorm, padded(c) << 1);
  }
}

/** Adds X^T Y to `out` [depth, columns]. */
function addTransposed(x: usize, y: usize, out: usize, depth: i32, columns: i32, rows: i32): void {
  transposedTile(x, y, out, depth, columns, 0, rows, 0, depth);
}
