import type { tf } from "../tf.ts";
import type { Triple } from "../triple.ts";
import { checkRank, checkShape, checkTriple, checkVolume, show } from "./check.ts";

/** What both pointwise convolutions take besides x and the filter. */
export interface PointwiseArguments {
  x: tf.Tensor;
  filter: tf.Tensor;
  bias?: tf.Tensor;
  strides: number | Triple;
}

/** Checks everything that both pointwise convolutions share; gives the strides per axis. */
export function pointwiseStrides(
  op: string,
  { x, filter, bias, strides }: PointwiseArguments,
): Triple {
  const inputs = checkVolume(op, x)[4];
  const outputs = checkRank(op, "filter", filter, ["Cin", "Cout"])[1];
  checkShape(op, "filter", filter, { shape: [inputs, outputs], because: `x is ${show(x.shape)}` });
  if (bias) {
    checkShape(op, "bias", bias, { shape: [outputs], because: `filter is ${show(filter.shape)}` });
  }
  return checkTriple(op, "strides", { value: strides, minimum: 1, maximum: 2 });
}
