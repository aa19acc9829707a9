import { conv3d } from "../ops/conv3d.ts";
import { conv3dTranspose } from "../ops/conv3d_transpose.ts";
import { depthwiseConv3d } from "../ops/depthwise_conv3d.ts";
import { depthwiseConv3dTranspose } from "../ops/depthwise_conv3d_transpose.ts";
import { gelu } from "../ops/gelu.ts";
import { globalResponseNorm } from "../ops/global_response_norm.ts";
import { groupNorm } from "../ops/group_norm.ts";
import { layerNorm } from "../ops/layer_norm.ts";
import { pointwiseConv3d } from "../ops/pointwise_conv3d.ts";
import { pointwiseConv3dTranspose } from "../ops/pointwise_conv3d_transpose.ts";
import { resizeTrilinear } from "../ops/resize_trilinear.ts";
import { tf } from "../tf.ts";
import golden from "../testdata/golden.json" with { type: "json" };
import type { Values } from "./case.ts";
import { read, type Results, scoped } from "./checks.ts";

/** Values as `make_golden.py` packs them. */
interface Packed {
  shape: number[];
  float32: string;
}

/** One operation as PyTorch computes it. */
export interface GoldenCase {
  op: string;
  options: Record<string, unknown>;
  inputs: Record<string, Packed>;
  weight: Packed;
  output: Packed;
  gradients: Record<string, Packed>;
}

/** The cases of `testdata/golden.json`. */
export const GOLDEN_CASES: GoldenCase[] = golden.cases as unknown as GoldenCase[];

/** Three steps of `torch.optim.AdamW`. */
export const GOLDEN_ADAMW = golden.adamw;

type Tensors = Record<string, tf.Tensor>;
// deno-lint-ignore no-explicit-any -- the options of eleven operations, from a JSON file
type Operation = (inputs: Tensors, options: any) => tf.Tensor;

const OPERATIONS: Record<string, Operation> = {
  depthwiseConv3d: ({ x, filter, bias }, at) => depthwiseConv3d(x, filter, { bias, ...at }),
  depthwiseConv3dTranspose: ({ x, filter, bias }, at) =>
    depthwiseConv3dTranspose(x, filter, { bias, ...at }),
  pointwiseConv3d: ({ x, filter, bias }, at) => pointwiseConv3d(x, filter, { bias, ...at }),
  pointwiseConv3dTranspose: ({ x, filter, bias }, at) =>
    pointwiseConv3dTranspose(x, filter, { bias, ...at }),
  conv3d: ({ x, filter, bias }, at) => conv3d(x, filter, { bias, ...at }),
  conv3dTranspose: ({ x, filter, bias }, at) => conv3dTranspose(x, filter, { bias, ...at }),
  groupNorm: ({ x, gamma, beta }, options) => groupNorm(x, gamma, beta, options),
  layerNorm: ({ x, gamma, beta }, options) => layerNorm(x, gamma, beta, options),
  globalResponseNorm: ({ x, gamma, beta }, options) => globalResponseNorm(x, gamma, beta, options),
  gelu: ({ x }) => gelu(x),
  resizeTrilinear: ({ x }, { size }) => resizeTrilinear(x, size),
};

/** What PyTorch gives for a case, and what the current backend gives. */
export function evaluateGolden(each: GoldenCase): { actual: Results; expected: Results } {
  const expected = { output: unpack(each.output), gradients: unpackAll(each.gradients) };
  const names = Object.keys(each.inputs);
  const run = (...values: tf.Tensor[]) =>
    OPERATIONS[each.op](
      Object.fromEntries(names.map((name, i) => [name, values[i]])),
      each.options,
    );
  const actual = scoped(() => {
    const inputs = names.map((name) => toTensor(each.inputs[name]));
    const gradients = tf.grads(run)(inputs, toTensor(each.weight));
    return {
      output: read(run(...inputs)),
      gradients: Object.fromEntries(names.map((name, i) => [name, read(gradients[i])])),
    };
  });
  return { actual, expected };
}

/** The tensor of packed values. */
export function toTensor(packed: Packed): tf.Tensor {
  const { shape, values } = unpack(packed);
  return tf.tensor(values, shape);
}

/** The values of packed values. */
export function unpack({ shape, float32 }: Packed): Values {
  const bytes = Uint8Array.from(atob(float32), (letter) => letter.charCodeAt(0));
  return { shape, values: new Float32Array(bytes.buffer) };
}

function unpackAll(packed: Record<string, Packed>): Record<string, Values> {
  return Object.fromEntries(Object.entries(packed).map(([name, each]) => [name, unpack(each)]));
}
