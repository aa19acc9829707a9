import type { Triple } from "./triple.ts";

/** The window of a convolution: per-axis kernel size, strides and zero padding. */
export interface Window {
  /** Kernel size. */
  kernel: Triple;
  /** Strides. */
  strides: Triple;
  /** Zero padding before and after. */
  padding: Triple;
}

/** The size of a convolution's output: floor((n + 2p - k) / s) + 1. */
export function convSize(size: Triple, { kernel, strides, padding }: Window): Triple {
  return size.map((n, i) =>
    Math.floor((n + 2 * padding[i] - kernel[i]) / strides[i]) + 1
  ) as Triple;
}

/** The size of a transposed convolution's output: (n - 1)·s - 2p + k. */
export function convTransposeSize(size: Triple, { kernel, strides, padding }: Window): Triple {
  return size.map((n, i) => (n - 1) * strides[i] - 2 * padding[i] + kernel[i]) as Triple;
}

/** The size that is left of every s-th voxel from 0: ceil(n / s). */
export function subsampledSize(size: Triple, strides: Triple): Triple {
  return size.map((n, i) => Math.ceil(n / strides[i])) as Triple;
}

/** The size with s - 1 zeros between neighbours: (n - 1)·s + 1. */
export function dilatedSize(size: Triple, strides: Triple): Triple {
  return size.map((n, i) => (n - 1) * strides[i] + 1) as Triple;
}

/** The axes D, H and W of a shape `[N, D, H, W, C]`. */
export function spatialSize(shape: readonly number[]): Triple {
  return [shape[1], shape[2], shape[3]];
}
