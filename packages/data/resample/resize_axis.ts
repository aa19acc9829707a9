import type { AxisWeights } from "./axis_weights.ts";
import { splineFilter } from "./spline_filter.ts";

/**
 * Resizes one axis of an array seen as `[outer, axis, inner]`, line by line in double precision.
 */
export function resizeAxis(
  source: Float32Array,
  { outer, size, inner }: { outer: number; size: number; inner: number },
  weights: AxisWeights,
): Float32Array {
  const { taps, first, weights: w, pad } = weights;
  const outputSize = first.length;
  const result = new Float32Array(outer * outputSize * inner);
  const line = new Float64Array(Math.max(size + 2 * pad, taps));
  for (let o = 0; o < outer; o++) {
    for (let k = 0; k < inner; k++) {
      loadLine(line, source, { start: o * size * inner + k, step: inner, size, pad });
      if (taps === 4) splineFilter(line, size + 2 * pad);
      let target = o * outputSize * inner + k;
      for (let i = 0; i < outputSize; i++, target += inner) {
        let sum = 0;
        for (let t = 0, at = first[i], j = taps * i; t < taps; t++) sum += line[at++] * w[j++];
        result[target] = sum;
      }
    }
  }
  return result;
}

/** Copies a strided line, its edge values repeated `pad` times on both sides. */
function loadLine(
  line: Float64Array,
  source: Float32Array,
  { start, step, size, pad }: { start: number; step: number; size: number; pad: number },
): void {
  for (let i = 0, at = start; i < size; i++, at += step) line[pad + i] = source[at];
  line.fill(line[pad], 0, pad);
  line.fill(line[pad + size - 1], pad + size);
}
