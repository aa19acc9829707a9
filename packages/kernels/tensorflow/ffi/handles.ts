import type { Context } from "./context.ts";
import { DATA_TYPE, layoutOf, type Values } from "./data_types.ts";
import { cString } from "./text.ts";

/** A tensor in TensorFlow's memory. */
interface Handle {
  pointer: Deno.PointerValue;
  bytes: number;
}

/** What tfjs-node-gpu learns of a tensor. */
export interface Metadata {
  id: number;
  shape: number[];
  dtype: number;
}

/** The tensors in TensorFlow's memory, by number. */
export interface Handles {
  context: Context;
  byId: Map<number, Handle>;
  next: number;
  bytesInUse: number;
  peakBytes: number;
}

/** An empty table of tensors. */
export function createHandles(context: Context): Handles {
  return { context, byId: new Map(), next: 0, bytesInUse: 0, peakBytes: 0 };
}

/** Makes a tensor of values, which are copied; on the GPU if there is one. */
export function createTensor(
  handles: Handles,
  { shape, dtype, values }: { shape: number[]; dtype: number; values: ArrayBufferView },
): number {
  const { symbols, status, gpu } = handles.context;
  const bytes = shape.reduce((product, size) => product * size, 1) * layoutOf(dtype).bytes;
  const what = `make a tensor of shape [${shape.join(", ")}] on tensorflow`;
  if (values.byteLength < bytes) {
    throw new RangeError(`Cannot ${what}: expected ${bytes} bytes, found ${values.byteLength}`);
  }
  const dims = BigInt64Array.from(shape, BigInt);
  const tensor = symbols.TF_AllocateTensor(dtype, dims, shape.length, BigInt(bytes));
  const data = tensor && symbols.TF_TensorData(tensor);
  if (bytes > 0) {
    if (!data) {
      if (tensor) symbols.TF_DeleteTensor(tensor);
      throw new RangeError(`Cannot ${what} as memory does not suffice: ${bytes} bytes`);
    }
    const memory = Deno.UnsafePointerView.getArrayBuffer(data, bytes);
    new Uint8Array(memory).set(new Uint8Array(values.buffer, values.byteOffset, bytes));
  }
  const pointer = symbols.TFE_NewTensorHandle(tensor, status.pointer);
  symbols.TF_DeleteTensor(tensor);
  status.check(what);
  // TensorFlow keeps int32 on the CPU, where shapes and axes are read.
  const isMoved = gpu !== undefined && dtype !== DATA_TYPE.int32;
  return keep(handles, { pointer: isMoved ? toGpu(handles, { pointer, what }) : pointer, bytes });
}

function toGpu(
  { context }: Handles,
  { pointer, what }: { pointer: Deno.PointerValue; what: string },
): Deno.PointerValue {
  const { symbols, status, gpu } = context;
  const moved = symbols.TFE_TensorHandleCopyToDevice(
    pointer,
    context.pointer,
    cString(gpu!),
    status.pointer,
  );
  symbols.TFE_DeleteTensorHandle(pointer);
  status.check(what);
  return moved;
}

/** Takes over the tensors that an operation has made; all are freed if one is of a type without numbers. */
export function adoptAll(handles: Handles, pointers: Deno.PointerValue[]): Metadata[] {
  const adopted: Metadata[] = [];
  try {
    for (const pointer of pointers) adopted.push(adopt(handles, pointer));
    return adopted;
  } catch (error) {
    for (const { id } of adopted) deleteTensor(handles, id);
    const { symbols } = handles.context;
    for (const pointer of pointers.slice(adopted.length)) symbols.TFE_DeleteTensorHandle(pointer);
    throw error;
  }
}

function adopt(handles: Handles, pointer: Deno.PointerValue): Metadata {
  const { symbols, status } = handles.context;
  const rank = symbols.TFE_TensorHandleNumDims(pointer, status.pointer);
  const shape = Array.from(
    { length: rank },
    (_, axis) => Number(symbols.TFE_TensorHandleDim(pointer, axis, status.pointer)),
  );
  const dtype = symbols.TFE_TensorHandleDataType(pointer);
  status.check("read the shape of a tensor on tensorflow");
  const bytes = shape.reduce((product, size) => product * size, 1) * layoutOf(dtype).bytes;
  return { id: keep(handles, { pointer, bytes }), shape, dtype };
}

/** The values of a tensor, copied. */
export function readTensor(handles: Handles, id: number): Values {
  const { symbols, status } = handles.context;
  const pointer = pointerOf(handles, id);
  const { view } = layoutOf(symbols.TFE_TensorHandleDataType(pointer));
  const tensor = symbols.TFE_TensorHandleResolve(pointer, status.pointer);
  status.check("read a tensor from tensorflow");
  try {
    const buffer = new ArrayBuffer(Number(symbols.TF_TensorByteSize(tensor)));
    const data = symbols.TF_TensorData(tensor);
    if (buffer.byteLength > 0 && data !== null) {
      Deno.UnsafePointerView.copyInto(data, new Uint8Array(buffer));
    }
    return view(buffer);
  } finally {
    symbols.TF_DeleteTensor(tensor);
  }
}

/** Where a tensor is. */
export function pointerOf({ byId }: Handles, id: number): Deno.PointerValue {
  const handle = byId.get(id);
  if (handle !== undefined) return handle.pointer;
  throw new Error(`Cannot use tensor ${id} on tensorflow: expected one that exists`);
}

/** Frees a tensor. */
export function deleteTensor(handles: Handles, id: number): void {
  const pointer = pointerOf(handles, id);
  handles.context.symbols.TFE_DeleteTensorHandle(pointer);
  handles.bytesInUse -= handles.byId.get(id)!.bytes;
  handles.byId.delete(id);
}

function keep(handles: Handles, handle: Handle): number {
  const id = handles.next++;
  handles.byId.set(id, handle);
  handles.bytesInUse += handle.bytes;
  handles.peakBytes = Math.max(handles.peakBytes, handles.bytesInUse);
  return id;
}
