import { type Attribute, setAttribute } from "./attributes.ts";
import { adoptAll, type Handles, type Metadata, pointerOf } from "./handles.ts";
import { cString } from "./text.ts";

/** An operation of TensorFlow with everything that it takes. */
export interface Operation {
  name: string;
  attributes: Attribute[];
  /** Numbers of the tensors that go in. */
  inputs: number[];
  /** The most tensors that can come out. */
  outputs: number;
}

/** Runs an operation; the tensors that come out are the caller's to free. */
export function execute(
  handles: Handles,
  { name, attributes, inputs, outputs }: Operation,
): Metadata[] {
  const { context } = handles;
  const { symbols, status } = context;
  const what = `run ${name} on tensorflow`;
  const op = symbols.TFE_NewOp(context.pointer, cString(name), status.pointer);
  status.check(what);
  try {
    for (const id of inputs) {
      symbols.TFE_OpAddInput(op, pointerOf(handles, id), status.pointer);
      status.check(what);
    }
    for (const attribute of attributes) setAttribute(context, op, attribute);
    const pointers = new BigUint64Array(outputs);
    const count = Int32Array.of(outputs);
    symbols.TFE_Execute(op, pointers, count, status.pointer);
    status.check(what);
    const made = [...pointers.subarray(0, count[0])];
    return adoptAll(handles, made.map((pointer) => Deno.UnsafePointer.create(pointer)));
  } finally {
    symbols.TFE_DeleteOp(op);
  }
}
