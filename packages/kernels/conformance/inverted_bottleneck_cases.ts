import { invertedBottleneck } from "../ops/inverted_bottleneck.ts";
import type { Case } from "./case.ts";

type Row = [
  volume: number[],
  expanded: number,
  outputs: number,
  norm: "group" | "layer",
  residual: boolean,
];

const ROWS: Row[] = [
  [[1, 3, 4, 5, 4], 8, 4, "group", true],
  [[2, 3, 3, 5, 3], 6, 3, "group", true],
  [[2, 3, 4, 3, 5], 15, 10, "group", false],
  [[1, 5, 7, 9, 6], 12, 3, "group", true],
  [[1, 3, 3, 5, 7], 28, 7, "group", true],
  [[1, 2, 3, 5, 4], 32, 8, "group", false],
  [[1, 5, 6, 7, 1], 8, 2, "group", true],
  [[2, 2, 5, 4, 9], 18, 9, "layer", true],
  [[1, 3, 4, 5, 8], 24, 16, "layer", false],
  [[1, 5, 5, 9, 10], 40, 5, "layer", true],
  [[1, 2, 3, 4, 8], 64, 8, "layer", true],
];

/** Every ratio, odd numbers of channels, fewer or more of them behind, more voxels than one tile has. */
export const INVERTED_BOTTLENECK_CASES: Case[] = ROWS.map(
  ([x, expanded, outputs, norm, residual]) => ({
    name: `invertedBottleneck ${norm} ${JSON.stringify(x)} -> ${expanded} -> ${outputs}` +
      (residual ? " + residual" : ""),
    shapes: {
      x,
      ...{ gamma: [x[4]], beta: [x[4]], expand: [x[4], expanded], expandBias: [expanded] },
      ...{ compress: [expanded, outputs], compressBias: [outputs] },
      ...(residual && { residual: [...x.slice(0, 4), outputs] }),
    },
    linear: false,
    // A chain of four curved functions: weights of the size that they have in a network, and half the usual step.
    scale: 0.7,
    step: 0.01,

    run: ({ x, gamma, beta, expand, expandBias, compress, compressBias, residual }) =>
      invertedBottleneck(x, {
        norm: { gamma, beta },
        expand: { filter: expand, bias: expandBias },
        compress: { filter: compress, bias: compressBias },
      }, { norm, residual }),
  }),
);
