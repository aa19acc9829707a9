/** TensorFlow's numbers for the types of values (`TF_DataType`). */
export const DATA_TYPE = {
  float32: 1,
  uint8: 4,
  int32: 3,
  string: 7,
  complex64: 8,
  int64: 9,
  bool: 10,
  bfloat16: 14,
  float16: 19,
  resource: 20,
} as const;

/** An array that holds the values of a tensor. */
export type Values = Float32Array | Int32Array | Uint8Array | Uint16Array | BigInt64Array;

interface Layout {
  /** Bytes of one value. */
  bytes: number;
  /** The array that values come back in. */
  view: (buffer: ArrayBuffer) => Values;
}

const LAYOUTS: Record<number, Layout> = {
  [DATA_TYPE.float32]: { bytes: 4, view: (buffer) => new Float32Array(buffer) },
  [DATA_TYPE.int32]: { bytes: 4, view: (buffer) => new Int32Array(buffer) },
  [DATA_TYPE.uint8]: { bytes: 1, view: (buffer) => new Uint8Array(buffer) },
  [DATA_TYPE.bool]: { bytes: 1, view: (buffer) => new Uint8Array(buffer) },
  [DATA_TYPE.complex64]: { bytes: 8, view: (buffer) => new Float32Array(buffer) },
  [DATA_TYPE.int64]: { bytes: 8, view: (buffer) => new BigInt64Array(buffer) },
  [DATA_TYPE.float16]: { bytes: 2, view: (buffer) => new Uint16Array(buffer) },
  [DATA_TYPE.bfloat16]: { bytes: 2, view: (buffer) => new Uint16Array(buffer) },
};

/** How values of a type lie in memory. */
export function layoutOf(type: number): Layout {
  const layout = LAYOUTS[type];
  if (layout !== undefined) return layout;
  const name = Object.entries(DATA_TYPE).find(([, number]) => number === type)?.[0] ?? `${type}`;
  throw new TypeError(
    `Cannot use a tensor on tensorflow: expected values of a number or boolean type, found ${name}`,
  );
}
