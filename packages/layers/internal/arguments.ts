/**
 * What a layer is given.
 * @module
 */
import type { tf } from "@mednext/kernels";
import type { Shape, Triple } from "../layer_types.ts";

/** The one tensor that a layer is called with. */
export function oneTensor(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor5D {
  return (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor5D;
}

/** The one shape that a layer is built with: `[N, D, H, W, C]`. */
export function oneShape(shape: Shape | Shape[], layer: string): Shape {
  const one = (Array.isArray(shape[0]) ? shape[0] : shape) as Shape;
  if (one.length !== 5) {
    throw new RangeError(
      `Cannot build ${layer}: expected an input [N, D, H, W, C], found ${one.length} axes`,
    );
  }
  return one;
}

/** The channels of an input, which must be known when a layer is built. */
export function channelsOf(shape: Shape | Shape[], layer: string): number {
  const channels = oneShape(shape, layer)[4];
  if (channels === null) {
    throw new RangeError(`Cannot build ${layer}: expected a known number of channels, found null`);
  }
  return channels;
}

/** Checks a size that is one number for all axes or one for each. */
export function triple(
  value: number | readonly number[],
  rule: { field: string; layer: string; least: number; most: number; odd?: boolean },
): Triple {
  const { field, layer, least, most, odd = false } = rule;
  const sizes = typeof value === "number" ? [value, value, value] : [...value];
  const valid = (n: number) =>
    Number.isInteger(n) && n >= least && n <= most && (!odd || n % 2 === 1);
  if (sizes.length !== 3 || !sizes.every(valid)) {
    throw new RangeError(
      `Cannot create ${layer} as '${field}' must be one or three ${
        odd ? "odd " : ""
      }integers from ` +
        `${least} to ${most}: current value is ${JSON.stringify(value)}`,
    );
  }
  return sizes as Triple;
}

/** Checks a count. */
export function positive(value: number, field: string, layer: string): number {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new RangeError(
      `Cannot create ${layer} as '${field}' must be a positive integer: current value is ${value}`,
    );
  }
  return value;
}
