import type { Context } from "./context.ts";
import { cString } from "./text.ts";

/** The kinds of attributes, by the numbers that tfjs-node-gpu reads from its binding (`TF_AttrType`). */
export const ATTRIBUTE = { text: 0, int: 1, float: 2, bool: 3, type: 4, shape: 5 } as const;

/** An attribute of an operation, as tfjs-node-gpu gives it. */
export interface Attribute {
  name: string;
  type: number;
  value: unknown;
}

type Setter = (
  context: Context,
  at: { op: Deno.PointerValue; name: Uint8Array<ArrayBuffer> },
  value: unknown,
) => void;

const SETTERS: Record<number, Setter> = {
  [ATTRIBUTE.type]: ({ symbols }, { op, name }, value) =>
    symbols.TFE_OpSetAttrType(op, name, value as number),
  [ATTRIBUTE.text]: ({ symbols }, { op, name }, value) => {
    const text = cString(String(value));
    symbols.TFE_OpSetAttrString(op, name, text, BigInt(text.length - 1));
  },
  [ATTRIBUTE.int]: ({ symbols }, { op, name }, value) => {
    if (!Array.isArray(value)) return symbols.TFE_OpSetAttrInt(op, name, BigInt(value as number));
    symbols.TFE_OpSetAttrIntList(op, name, BigInt64Array.from(value, BigInt), value.length);
  },
  [ATTRIBUTE.float]: ({ symbols }, { op, name }, value) => {
    if (!Array.isArray(value)) return symbols.TFE_OpSetAttrFloat(op, name, value as number);
    symbols.TFE_OpSetAttrFloatList(op, name, Float32Array.from(value), value.length);
  },
  [ATTRIBUTE.bool]: ({ symbols }, { op, name }, value) => {
    if (!Array.isArray(value)) return symbols.TFE_OpSetAttrBool(op, name, value ? 1 : 0);
    symbols.TFE_OpSetAttrBoolList(op, name, Uint8Array.from(value, Number), value.length);
  },
  [ATTRIBUTE.shape]: ({ symbols, status }, { op, name }, value) => {
    const dims = BigInt64Array.from(value as number[], BigInt);
    symbols.TFE_OpSetAttrShape(op, name, dims, dims.length, status.pointer);
    status.check("set the attribute of an operation of TensorFlow");
  },
};

/** Gives an operation an attribute. */
export function setAttribute(
  context: Context,
  op: Deno.PointerValue,
  { name, type, value }: Attribute,
): void {
  const set = SETTERS[type];
  if (set === undefined) {
    throw new TypeError(
      `Cannot set the attribute ${name} of an operation of TensorFlow: expected a kind from 0 to 5, found ${type}`,
    );
  }
  set(context, { op, name: cString(name) }, value);
}
