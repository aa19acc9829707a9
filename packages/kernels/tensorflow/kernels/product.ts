import { tf } from "../../tf.ts";
import { ATTRIBUTE, type Attribute } from "../ffi/attributes.ts";
import { DATA_TYPE } from "../ffi/data_types.ts";
import type { Device } from "./tensorflow_kernel.ts";

interface ProductOptions {
  device: Device;
  /** Whether the first matrix is transposed. */
  transposeA?: boolean;
  /** Whether the second one is. */
  transposeB?: boolean;
}

/**
 * The product of two float32 matrices, which is float32. Where `device.precision` is `mixed`, the values of both are
 * rounded to bfloat16; TensorFlow sums in float32 and rounds each sum to bfloat16.
 */
export function matMul(
  a: tf.Tensor,
  b: tf.Tensor,
  { device, transposeA = false, transposeB = false }: ProductOptions,
): tf.Tensor2D {
  if (device.precision === "float32") {
    return tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D, transposeA, transposeB);
  }
  return inBfloat16(device, { inputs: [a, b], transposed: [transposeA, transposeB] });
}

/** TensorFlow.js has no such type, so what is in bfloat16 goes by its numbers in TensorFlow's memory and is freed here. */
function inBfloat16(
  { backend }: Device,
  { inputs, transposed }: { inputs: [tf.Tensor, tf.Tensor]; transposed: [boolean, boolean] },
): tf.Tensor2D {
  const { binding } = backend;
  const { float32, bfloat16 } = DATA_TYPE;
  const temporary: number[] = [];
  const run = (name: string, attributes: Attribute[], ids: number[]) =>
    binding.executeOp(name, attributes, ids, 1)[0];
  const keep = ({ id }: { id: number }) => {
    temporary.push(id);
    return id;
  };
  try {
    const rounded = backend.getInputTensorIds(inputs).map((id) =>
      keep(run("Cast", [type("SrcT", float32), type("DstT", bfloat16)], [id]))
    );
    const [transposeA, transposeB] = transposed;
    const attributes = [
      type("T", bfloat16),
      flag("transpose_a", transposeA),
      flag("transpose_b", transposeB),
    ];
    const product = keep(run("MatMul", attributes, rounded));
    const casts = [type("SrcT", bfloat16), type("DstT", float32)];
    return backend.createOutputTensor(run("Cast", casts, [product])) as tf.Tensor2D;
  } finally {
    temporary.forEach((id) => binding.deleteTensor(id));
  }
}

function type(name: string, value: number): Attribute {
  return { name, type: ATTRIBUTE.type, value };
}

function flag(name: string, value: boolean): Attribute {
  return { name, type: ATTRIBUTE.bool, value };
}
