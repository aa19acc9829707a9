import type { tf } from "../tf.ts";
import type { Triple } from "../triple.ts";
import { checkRank, checkShape, checkTriple, checkVolume, show } from "./check.ts";

/** The largest size of a depthwise kernel on an axis. */
const LARGEST = 7;

/** What both depthwise convolutions take besides x and the filter. */
export interface DepthwiseArguments {
  x: tf.Tensor;
  filter: tf.Tensor;
  bias?: tf.Tensor;
  strides: number | Triple;
  padding?: number | Triple;
}

/** Checks everything that both depthwise convolutions share; gives the window on the volume. */
export function depthwiseGeometry(
  op: string,
  { x, filter, bias, strides, padding }: DepthwiseArguments,
): { kernel: Triple; strides: Triple; padding: Triple } {
  const channels = checkVolume(op, x)[4];
  const kernel = checkRank(op, "filter", filter, ["kD", "kH", "kW", "C"]).slice(0, 3) as Triple;
  if (kernel.some((k) => k % 2 === 0 || k < 1 || k > LARGEST)) {
    throw new RangeError(
      `Cannot compute ${op}: expected filter of odd sizes from 1 to ${LARGEST}, found ${
        show(filter.shape)
      }`,
    );
  }
  const because = `x is ${show(x.shape)}`;
  checkShape(op, "filter", filter, { shape: [...kernel, channels], because });
  if (bias) checkShape(op, "bias", bias, { shape: [channels], because });
  return {
    kernel,
    strides: checkTriple(op, "strides", { value: strides, minimum: 1, maximum: 2 }),
    padding: checkTriple(op, "padding", {
      value: padding ?? kernel.map((k) => k >> 1),
      minimum: 0,
      maximum: kernel.map((k) => k - 1) as Triple,
    }),
  };
}
