import type { tf } from "../tf.ts";
import type { Triple } from "../triple.ts";
import { checkRank, checkShape, checkTriple, checkVolume, show } from "./check.ts";

/** Dense kernels and strides have no limit of their own but that of sanity. */
const LARGEST = 255;

/** What both dense convolutions take, and which axis of the filter holds what. */
export interface DenseArguments {
  x: tf.Tensor;
  filter: tf.Tensor;
  bias?: tf.Tensor;
  strides: number | Triple;
  padding?: number | Triple;
  letters: string[];
}

/** Checks everything that both dense convolutions share; gives the window on the volume. */
export function denseGeometry(
  op: string,
  { x, filter, bias, strides, padding, letters }: DenseArguments,
): { kernel: Triple; strides: Triple; padding: Triple } {
  const channels = checkVolume(op, x)[4];
  const sizes = checkRank(op, "filter", filter, letters);
  const inputs = letters.indexOf("Cin");
  const outputs = letters.indexOf("Cout");
  const shape = sizes.with(inputs, channels);
  checkShape(op, "filter", filter, { shape, because: `x is ${show(x.shape)}` });
  if (bias) {
    const because = `filter is ${show(filter.shape)}`;
    checkShape(op, "bias", bias, { shape: [sizes[outputs]], because });
  }
  const kernel = sizes.slice(0, 3) as Triple;
  return {
    kernel,
    strides: checkTriple(op, "strides", { value: strides, minimum: 1, maximum: LARGEST }),
    padding: checkTriple(op, "padding", {
      value: padding ?? kernel.map((k) => k >> 1),
      minimum: 0,
      maximum: LARGEST,
    }),
  };
}
