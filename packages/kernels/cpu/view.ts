import type { Kernels } from "../kernel_types.ts";

/** A tensor as a kernel of the cpu backend sees it: a shape and its values in C order. */
export interface View {
  /** The shape. */
  shape: number[];
  /** The values, of the tensor itself: never written to when it is an input. */
  values: Float32Array;
}

type Views<Inputs> = { [Name in keyof Inputs]: View };

/** A kernel of the cpu backend: a pure function from views to views. */
export type CpuKernel<K extends keyof Kernels> = (
  inputs: Views<Kernels[K]["inputs"]>,
  attrs: Kernels[K]["attrs"],
) => View[];

/** The view of sums in float64, each rounded to float32 once. */
export function rounded(shape: readonly number[], sums: Float64Array): View {
  return { shape: [...shape], values: new Float32Array(sums) };
}
