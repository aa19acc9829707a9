/**
 * The number formats of safetensors that become float32.
 * @module
 */

/** How to read one format. */
export interface Dtype {
  /** Bytes of one value. */
  bytes: number;
  /** Reads the value at a byte, little-endian. */
  read: (view: DataView, offset: number) => number;
}

const bits = new DataView(new ArrayBuffer(4));

/** bfloat16 is the upper half of a float32. */
function bfloat16(view: DataView, offset: number): number {
  bits.setUint32(0, view.getUint16(offset, true) * 0x10000);
  return bits.getFloat32(0);
}

/** IEEE 754 half precision. */
function float16(view: DataView, offset: number): number {
  const half = view.getUint16(offset, true);
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The formats that are read, by their safetensors name. */
export const DTYPES: ReadonlyMap<string, Dtype> = new Map([
  ["F32", { bytes: 4, read: (view, offset) => view.getFloat32(offset, true) }],
  ["F16", { bytes: 2, read: float16 }],
  ["BF16", { bytes: 2, read: bfloat16 }],
  ["F64", { bytes: 8, read: (view, offset) => view.getFloat64(offset, true) }],
]);
