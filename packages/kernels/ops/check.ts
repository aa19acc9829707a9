import type { tf } from "../tf.ts";
import type { Triple } from "../triple.ts";

/** Throws unless a tensor is float32 and of a rank, whose axes are `letters`; gives its shape. */
export function checkRank(
  op: string,
  name: string,
  tensor: tf.Tensor,
  letters: string[],
): number[] {
  checkFloat(op, name, tensor);
  if (tensor.rank !== letters.length) {
    throw new RangeError(
      `Cannot compute ${op}: expected ${name} of shape [${letters.join(", ")}], found ${
        show(tensor.shape)
      }`,
    );
  }
  return tensor.shape;
}

/** Throws unless a tensor is float32. */
export function checkFloat(op: string, name: string, tensor: tf.Tensor): void {
  if (tensor?.dtype !== "float32") {
    throw new TypeError(
      `Cannot compute ${op}: expected ${name} to be a float32 tensor, found ${
        tensor?.dtype ?? String(tensor)
      }`,
    );
  }
}

/** Throws unless a float32 tensor has exactly this shape; `because` says where the shape is from. */
export function checkShape(
  op: string,
  name: string,
  tensor: tf.Tensor,
  { shape, because }: { shape: readonly number[]; because: string },
): void {
  checkFloat(op, name, tensor);
  if (show(tensor.shape) !== show(shape)) {
    throw new RangeError(
      `Cannot compute ${op}: expected ${name} of shape ${show(shape)} as ${because}, found ${
        show(tensor.shape)
      }`,
    );
  }
}

/** Throws unless x is a volume `[N, D, H, W, C]` with at least one value; gives its shape. */
export function checkVolume(op: string, x: tf.Tensor): number[] {
  const shape = checkRank(op, "x", x, ["N", "D", "H", "W", "C"]);
  if (x.size === 0) {
    throw new RangeError(
      `Cannot compute ${op}: expected x with at least one voxel and channel, found ${
        show(x.shape)
      }`,
    );
  }
  return shape;
}

/** One number for all axes or one per axis, as three integers in a range. */
export function checkTriple(
  op: string,
  name: string,
  { value, minimum, maximum }: {
    value: number | readonly number[];
    minimum: number;
    maximum: Triple | number;
  },
): Triple {
  const triple = typeof value === "number" ? [value, value, value] : [...value];
  const upper = typeof maximum === "number" ? [maximum, maximum, maximum] : maximum;
  const ok = triple.length === 3 &&
    triple.every((v, i) => Number.isInteger(v) && v >= minimum && v <= upper[i]);
  if (!ok) {
    const most = typeof maximum === "number" ? `${maximum}` : show(maximum);
    throw new RangeError(
      `Cannot compute ${op}: expected ${name} to be one integer or three (D, H, W) from ${minimum} to ${most}, found ${
        JSON.stringify(value)
      }`,
    );
  }
  return triple as Triple;
}

/** Throws unless every axis of an output has at least one voxel. */
export function checkOutput(op: string, size: Triple, x: tf.Tensor): void {
  if (size.some((n) => n < 1)) {
    throw new RangeError(
      `Cannot compute ${op}: expected an output of at least one voxel per axis, found ${
        show(size)
      } for x ${show(x.shape)}`,
    );
  }
}

/** Throws unless a number is finite and not negative. */
export function checkNotNegative(op: string, name: string, value: number): void {
  if (!Number.isFinite(value) || value < 0) {
    throw new RangeError(
      `Cannot compute ${op}: expected ${name} to be a finite number of at least 0, found ${value}`,
    );
  }
}

/** A shape as text. */
export function show(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}
