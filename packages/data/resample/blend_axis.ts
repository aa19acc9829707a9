import type { AxisWeights } from "./axis_weights.ts";

/**
 * Resizes one axis of an array seen as `[outer, axis, inner]` with two taps in each output: what
 * `resizeAxis` gives, bit for bit, and many times faster, as whole runs of `inner` are blended.
 */
export function blendAxis(
  source: Float32Array,
  { outer, size, inner }: { outer: number; size: number; inner: number },
  { first, weights }: AxisWeights,
): Float32Array {
  const outputSize = first.length;
  const result = new Float32Array(outer * outputSize * inner);
  for (let o = 0, target = 0; o < outer; o++) {
    for (let i = 0; i < outputSize; i++, target += inner) {
      const below = (o * size + first[i]) * inner;
      // A single voxel is its own neighbour; its second weight is zero.
      const above = first[i] + 1 < size ? below + inner : below;
      const low = weights[2 * i], high = weights[2 * i + 1];
      for (let k = 0; k < inner; k++) {
        result[target + k] = source[below + k] * low + source[above + k] * high;
      }
    }
  }
  return result;
}
