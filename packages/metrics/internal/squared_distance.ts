import type { Grid } from "../grid.ts";

/** Working memory for one line, reused from line to line. */
interface Line {
  /** Squared distances so far. */
  height: Float64Array;
  /** Positions of the parabolas of the lower envelope. */
  apex: Int32Array;
  /** Where each parabola of the envelope begins. */
  begin: Float64Array;
}

/** Squared distance along z to the nearest site: two sweeps over whole slices. */
function sweepDepth(sites: Uint8Array, { shape, spacing }: Grid): Float64Array {
  const [depth, height, width] = shape;
  const slice = height * width;
  const steps = new Float64Array(sites.length);
  for (let i = 0; i < sites.length; i++) {
    steps[i] = sites[i] !== 0 ? 0 : i < slice ? Infinity : steps[i - slice] + 1;
  }
  for (let i = (depth - 1) * slice - 1; i >= 0; i--) {
    if (steps[i + slice] + 1 < steps[i]) steps[i] = steps[i + slice] + 1;
  }
  for (let i = 0; i < steps.length; i++) {
    const distance = steps[i] * spacing[0];
    steps[i] = distance * distance;
  }
  return steps;
}

/** Builds the lower envelope of the parabolas over one line; returns how many there are. */
function lowerEnvelope({ height, apex, begin }: Line, length: number, spacing: number): number {
  const scale = spacing * spacing;
  let count = 0;
  for (let q = 0; q < length; q++) {
    if (height[q] === Infinity) continue;
    let from = -Infinity;
    while (count > 0) {
      const v = apex[count - 1];
      from = ((height[q] - height[v]) / (scale * (q - v)) + q + v) / 2;
      if (from > begin[count - 1]) break;
      count--;
      from = -Infinity;
    }
    apex[count] = q;
    begin[count] = from;
    count++;
  }
  return count;
}

/**
 * Writes the envelope over the line. The parabola is chosen by comparing values, not by where it should
 * begin, so that rounding in the intersections cannot choose a worse one.
 */
function readEnvelope(
  line: Line,
  count: number,
  target: { data: Float64Array; offset: number; stride: number; length: number; spacing: number },
): void {
  const { height, apex } = line;
  const { data, offset, stride, length, spacing } = target;
  let k = 0;
  for (let q = 0, at = offset; q < length; q++, at += stride) {
    let step = (q - apex[k]) * spacing;
    let best = height[apex[k]] + step * step;
    while (k + 1 < count) {
      step = (q - apex[k + 1]) * spacing;
      const next = height[apex[k + 1]] + step * step;
      if (next > best) break;
      best = next;
      k++;
    }
    data[at] = best;
  }
}

/** Replaces each line along one axis by its lower envelope. */
function envelopeAlong(data: Float64Array, { shape, spacing }: Grid, axis: 1 | 2): void {
  const length = shape[axis];
  const stride = axis === 1 ? shape[2] : 1;
  const line: Line = {
    height: new Float64Array(length),
    apex: new Int32Array(length),
    begin: new Float64Array(length),
  };
  const lines = data.length / length;
  for (let i = 0; i < lines; i++) {
    const offset = axis === 1
      ? Math.floor(i / stride) * stride * length + (i % stride)
      : i * length;
    for (let q = 0; q < length; q++) line.height[q] = data[offset + q * stride];
    const count = lowerEnvelope(line, length, spacing[axis]);
    if (count === 0) continue; // no site in reach yet: the line stays infinite
    readEnvelope(line, count, { data, offset, stride, length, spacing: spacing[axis] });
  }
}

/**
 * Squared Euclidean distance in mm² from each voxel to the nearest site (a voxel that is not 0), exact:
 * the separable lower envelope of Felzenszwalb and Huttenlocher (Theory of Computing 8, 2012).
 *
 * The sum is formed as (z² + y²) + x², in the order in which SciPy adds, so that distances agree to the
 * last bit and an inclusive tolerance decides alike.
 */
export function squaredDistance(sites: Uint8Array, grid: Grid): Float64Array {
  const data = sweepDepth(sites, grid);
  envelopeAlong(data, grid, 1);
  envelopeAlong(data, grid, 2);
  return data;
}
