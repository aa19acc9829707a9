import { gelu } from "../ops/gelu.ts";
import { globalResponseNorm } from "../ops/global_response_norm.ts";
import { groupNorm } from "../ops/group_norm.ts";
import { layerNorm } from "../ops/layer_norm.ts";
import { regionSums } from "../ops/region_sums.ts";
import { rematerialize } from "../ops/rematerialize.ts";
import { resizeTrilinear } from "../ops/resize_trilinear.ts";
import { segmentationSums } from "../ops/segmentation_sums.ts";
import { tf } from "../tf.ts";
import type { Triple } from "../triple.ts";
import type { Case } from "./case.ts";

const VOLUMES = [
  [1, 3, 4, 5, 1],
  [2, 3, 3, 5, 3],
  [1, 4, 5, 6, 4],
  [2, 3, 2, 5, 5],
  [1, 5, 5, 7, 8],
  [1, 2, 3, 5, 19],
  [2, 3, 3, 4, 32],
];

type Norm = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) => tf.Tensor;

/** `shift` moves the mean away from 0, where a careless variance loses its digits. */
function normCase(norm: Norm, x: number[], shift: number): Case {
  return {
    name: `${norm.name} ${JSON.stringify(x)} around ${shift}`,
    shapes: { x, gamma: [x[4]], beta: [x[4]] },
    linear: false,
    shift,
    // Four or five values can lie close together, and are then blown up by their small deviation.
    step: norm === layerNorm && x[4] < 8 ? 0.01 : undefined,
    run: ({ x, gamma, beta }) => norm(x, gamma, beta),
  };
}

function resizeCase(x: number[], size: Triple): Case {
  return {
    name: `resizeTrilinear ${JSON.stringify(x)} to ${JSON.stringify(size)}`,
    shapes: { x },
    linear: true,
    run: ({ x }) => resizeTrilinear(x, size),
  };
}

/** Labels from -1 on: below zero is class 0. The last of those in use may be ignored. */
function segmentationCase(logits: number[], ignore = false): Case {
  const [grid, classes] = [logits.slice(0, 4), logits[4]];
  const used = classes + (ignore ? 2 : 1);
  const count = grid.reduce((product, size) => product * size, 1);
  const values = Int32Array.from({ length: count }, (_, i) => (i * i + i) % used - 1);
  const options = ignore ? { ignored: classes } : {};
  return {
    name: `segmentationSums ${JSON.stringify(logits)}${ignore ? " with ignored voxels" : ""}`,
    shapes: { logits },
    linear: false,
    scale: 2,
    run: ({ logits }) =>
      tf.tidy(() => segmentationSums(logits, tf.tensor(values, grid, "int32"), options)),
  };
}

/** Regions that overlap; labels in none of them, and one that is ignored. */
function regionCase(logits: number[]): Case {
  const [grid, count] = [logits.slice(0, 4), logits[4]];
  const regions = Array.from({ length: count }, (_, r) => [r + 1, r + 2]);
  const voxels = grid.reduce((product, size) => product * size, 1);
  const values = Int32Array.from({ length: voxels }, (_, i) => (i * i + i) % (count + 4) - 1);
  const options = { regions, ignored: count + 2 };
  return {
    name: `regionSums ${JSON.stringify(logits)}`,
    shapes: { logits },
    linear: false,
    scale: 2,
    run: ({ logits }) =>
      tf.tidy(() => regionSums(logits, tf.tensor(values, grid, "int32"), options)),
  };
}

/** A block whose intermediate values are computed twice. */
const REMATERIALIZED: Case = {
  name: "rematerialize of groupNorm and gelu, twice nested",
  shapes: { x: [1, 3, 4, 5, 4], gamma: [4], beta: [4] },
  linear: false,
  run: ({ x, gamma, beta }) => {
    const block = (inputs: tf.Tensor[]) => gelu(groupNorm(inputs[0], inputs[1], inputs[2]));
    const nested = ([x, gamma, beta]: tf.Tensor[]) =>
      block([rematerialize(block, [x, gamma, beta]), gamma, beta]);
    return rematerialize(nested, [x, gamma, beta]);
  },
};

/** Normalisations, GELU, resize and rematerialisation. */
export const OTHER_CASES: Case[] = [
  ...VOLUMES.map((volume, i) => normCase(groupNorm, volume, i % 2 ? 4 : 0)),
  ...VOLUMES.slice(2).map((volume, i) => normCase(layerNorm, volume, i % 2 ? 4 : 0)),
  ...VOLUMES.map((volume, i) => normCase(globalResponseNorm, volume, i % 2 ? 1 : 0)),
  ...[[7], [2, 3, 3, 5, 3], [1, 5, 5, 7, 8]].map((x): Case => ({
    name: `gelu ${JSON.stringify(x)}`,
    shapes: { x },
    linear: false,
    scale: 2,
    run: ({ x }) => gelu(x),
  })),
  resizeCase([1, 3, 4, 5, 3], [6, 8, 10]),
  resizeCase([2, 6, 5, 4, 4], [3, 7, 9]),
  resizeCase([1, 1, 2, 3, 19], [4, 1, 3]),
  ...[[1, 3, 4, 5, 2], [2, 3, 3, 5, 3], [2, 2, 3, 4, 4], [1, 3, 4, 5, 14]].map((logits) =>
    segmentationCase(logits)
  ),
  ...[[2, 3, 3, 5, 3], [2, 2, 3, 3, 4], [1, 3, 4, 5, 6]].map((logits) =>
    segmentationCase(logits, true)
  ),
  ...[[2, 3, 3, 5, 3], [1, 3, 4, 5, 1]].map(regionCase),
  REMATERIALIZED,
];
