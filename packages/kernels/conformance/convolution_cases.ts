import { conv3d } from "../ops/conv3d.ts";
import { conv3dTranspose } from "../ops/conv3d_transpose.ts";
import { depthwiseConv3d } from "../ops/depthwise_conv3d.ts";
import { depthwiseConv3dTranspose } from "../ops/depthwise_conv3d_transpose.ts";
import { pointwiseConv3d } from "../ops/pointwise_conv3d.ts";
import { pointwiseConv3dTranspose } from "../ops/pointwise_conv3d_transpose.ts";
import type { tf } from "../tf.ts";
import type { Triple } from "../triple.ts";
import type { Case } from "./case.ts";

/** Volume `[N, D, H, W, C]`, kernel, strides; a padding only where it is not k >> 1. */
type Row = [volume: number[], kernel: Triple, strides: Triple, padding?: Triple];

const ROWS: Row[] = [
  [[1, 5, 6, 7, 1], [3, 3, 3], [1, 1, 1]],
  [[2, 4, 5, 3, 3], [3, 3, 3], [1, 1, 1]],
  [[1, 3, 4, 19, 4], [3, 3, 3], [1, 1, 1]],
  [[2, 5, 3, 4, 5], [3, 3, 3], [1, 1, 1]],
  [[1, 4, 4, 9, 8], [3, 3, 3], [1, 1, 1]],
  [[1, 3, 5, 6, 19], [3, 3, 3], [1, 1, 1]],
  [[2, 4, 3, 5, 32], [3, 3, 3], [1, 1, 1]],
  [[1, 8, 8, 8, 4], [3, 3, 3], [2, 2, 2]],
  [[2, 5, 7, 6, 19], [3, 3, 3], [2, 2, 2]],
  [[1, 4, 6, 5, 32], [3, 3, 3], [1, 2, 2]],
  [[2, 6, 5, 7, 8], [5, 5, 5], [1, 1, 1]],
  [[1, 4, 9, 6, 3], [5, 5, 5], [2, 2, 2]],
  [[1, 5, 6, 8, 5], [5, 5, 5], [1, 2, 2]],
  [[2, 3, 5, 6, 4], [1, 3, 5], [1, 1, 1]],
  [[1, 4, 5, 7, 1], [1, 3, 5], [1, 2, 2]],
  [[1, 3, 6, 9, 19], [1, 3, 5], [2, 2, 2]],
  [[1, 9, 4, 5, 8], [7, 1, 3], [1, 1, 1]],
  [[2, 8, 3, 6, 5], [7, 1, 3], [2, 1, 2]],
  [[1, 8, 7, 9, 4], [7, 7, 7], [1, 1, 1]],
  [[1, 7, 8, 7, 3], [7, 7, 7], [2, 2, 2]],
  [[1, 2, 1, 1, 4], [5, 5, 5], [1, 1, 1]],
  [[1, 5, 5, 5, 4], [3, 3, 3], [1, 1, 1], [0, 0, 0]],
  [[1, 4, 4, 5, 5], [3, 5, 3], [2, 1, 2], [2, 1, 0]],
];

const TRANSPOSED_ROWS: Row[] = [
  [[1, 3, 4, 5, 1], [3, 3, 3], [2, 2, 2]],
  [[2, 2, 3, 4, 3], [3, 3, 3], [2, 2, 2]],
  [[1, 4, 4, 9, 8], [3, 3, 3], [2, 2, 2]],
  [[1, 3, 2, 5, 19], [3, 3, 3], [2, 2, 2]],
  [[2, 2, 3, 4, 32], [3, 3, 3], [1, 2, 2]],
  [[1, 4, 3, 4, 4], [5, 5, 5], [2, 2, 2]],
  [[1, 5, 3, 4, 5], [5, 5, 5], [1, 1, 1]],
  [[1, 3, 4, 5, 8], [1, 3, 5], [1, 2, 2]],
  [[2, 4, 3, 5, 3], [7, 1, 3], [2, 1, 2]],
  [[1, 4, 4, 3, 4], [7, 7, 7], [2, 2, 2]],
  [[1, 3, 3, 4, 5], [3, 3, 3], [2, 2, 2], [0, 0, 0]],
];

/** Pointwise: volume, output channels, strides. */
const POINTWISE_ROWS: [volume: number[], outputs: number, strides: Triple][] = [
  [[1, 3, 4, 5, 1], 5, [1, 1, 1]],
  [[2, 3, 2, 5, 3], 1, [1, 1, 1]],
  [[1, 5, 5, 7, 4], 8, [1, 1, 1]],
  [[1, 3, 5, 7, 19], 32, [1, 1, 1]],
  [[2, 3, 3, 5, 32], 19, [1, 1, 1]],
  [[1, 4, 6, 5, 5], 3, [2, 2, 2]],
  [[2, 4, 4, 6, 8], 19, [2, 2, 2]],
  [[1, 3, 5, 6, 4], 8, [1, 2, 2]],
];

const name = (op: string, ...parts: unknown[]) =>
  `${op} ${parts.map((part) => JSON.stringify(part)).join(" ")}`;

function depthwiseCases(op: "conv" | "transpose", rows: Row[]): Case[] {
  const run = op === "conv" ? depthwiseConv3d : depthwiseConv3dTranspose;
  return rows.map(([x, kernel, strides, padding], i) => {
    const filter = [...kernel, x[4]];
    const withBias: Record<string, number[]> = i % 3 === 2 ? {} : { bias: [x[4]] };
    return {
      name: name(run.name, x, kernel, strides, ...(padding ? [padding] : [])),
      shapes: { x, filter, ...withBias },
      linear: true,
      run: ({ x, filter, bias }) => run(x, filter, { bias, strides, padding }),
    };
  });
}

function pointwiseCases(op: "conv" | "transpose"): Case[] {
  const run = op === "conv" ? pointwiseConv3d : pointwiseConv3dTranspose;
  return POINTWISE_ROWS.map(([x, outputs, strides], i) => {
    const withBias: Record<string, number[]> = i % 3 === 2 ? {} : { bias: [outputs] };
    return {
      name: name(run.name, x, outputs, strides),
      shapes: { x, filter: [x[4], outputs], ...withBias },
      linear: true,
      run: ({ x, filter, bias }) => run(x, filter, { bias, strides }),
    };
  });
}

type Dense = (x: tf.Tensor, filter: tf.Tensor, options: object) => tf.Tensor;

function denseCase(run: Dense, [x, kernel, strides, padding]: Row, outputs: number): Case {
  const ends = run === conv3d ? [x[4], outputs] : [outputs, x[4]];
  return {
    name: name(run.name, x, kernel, strides, padding ?? "half"),
    shapes: { x, filter: [...kernel, ...ends], bias: [outputs] },
    linear: true,
    run: ({ x, filter, bias }) => run(x, filter, { bias, strides, padding }),
  };
}

/** Every convolution. */
export const CONVOLUTION_CASES: Case[] = [
  ...depthwiseCases("conv", ROWS),
  ...depthwiseCases("transpose", TRANSPOSED_ROWS),
  ...pointwiseCases("conv"),
  ...pointwiseCases("transpose"),
  denseCase(conv3d, [[1, 5, 4, 6, 3], [3, 3, 3], [1, 1, 1]], 4),
  denseCase(conv3d, [[2, 4, 6, 5, 2], [3, 3, 3], [2, 2, 2]], 3),
  denseCase(conv3d, [[1, 3, 5, 6, 2], [1, 3, 5], [1, 2, 2]], 2),
  denseCase(conv3d, [[1, 5, 4, 4, 1], [3, 1, 3], [2, 1, 2], [2, 0, 0]], 5),
  denseCase(conv3dTranspose, [[1, 3, 2, 4, 3], [3, 3, 3], [2, 2, 2]], 2),
  denseCase(conv3dTranspose, [[2, 2, 3, 3, 2], [1, 3, 5], [1, 2, 2]], 3),
  denseCase(conv3dTranspose, [[1, 3, 3, 4, 2], [3, 3, 3], [1, 1, 1], [0, 1, 2]], 1),
];
