/**
 * What a mask or a label map may be held in: any typed array of numbers, C order, axes `[D, H, W]`,
 * `W` (x) fastest. Floating-point arrays are accepted because that is how many files store labels; a
 * `NaN` in one is an error.
 */
export type MaskArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;
