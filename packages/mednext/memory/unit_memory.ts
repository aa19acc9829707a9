/**
 * What a unit needs beside its input.
 * @module
 */
import type { Unit } from "../units/unit.ts";
import { bottleneckScratch } from "./bottleneck_scratch.ts";
import { FLOAT, type UnitTensors, unitTensors } from "./unit_tensors.ts";

/** Vectors of one value per channel, and the rounding of each block to whole cache lines. */
const SMALL_BLOCKS = 8192;

/** Bytes of a unit: each is what there is at most beyond the unit's input. */
export interface UnitMemory {
  /** Of its output. */
  output: number;
  /** In the forward pass alone, with the output. */
  inference: number;
  /** In a forward pass that a backward pass follows, with the output. */
  training: number;
  /** What that leaves for the backward pass, without the output. */
  saved: number;
  /** In the backward pass, beyond what was saved; with the gradient of the output where nothing else holds it. */
  backward: number;
}

/** What one batch needs in one unit. */
export function unitMemory(unit: Unit, size: readonly number[], batchSize: number): UnitMemory {
  const tensors = unitTensors(unit, size, batchSize);
  const { output, input } = tensors;
  if (unit.kind === "stem" || unit.kind === "head") {
    return { output, inference: output, training: output, saved: 0, backward: output + input };
  }
  const { inside, saved, leaving } = bottleneck(unit, tensors, batchSize);
  const beside = besides(unit, tensors);
  // The depthwise convolution's output goes before what follows the bottleneck, unless it was saved.
  const { mixed } = tensors;
  const ending = leaving + beside.behind;
  return {
    output,
    inference: SMALL_BLOCKS + Math.max(beside.forward + inside.inference, ending),
    training: SMALL_BLOCKS + Math.max(beside.forward + inside.training, ending + mixed + saved),
    saved: mixed + saved + beside.saved,
    backward: Math.max(inside.backward + beside.upstream, beside.backward),
  };
}

interface Bottleneck {
  /** At most: forward with the depthwise convolution's output, backward without. */
  inside: { inference: number; training: number; backward: number };
  /** Kept for the backward pass beside the depthwise convolution's output. */
  saved: number;
  /** What leaves it. */
  leaving: number;
}

function bottleneck(unit: Unit, tensors: UnitTensors, batchSize: number): Bottleneck {
  const { mixed, expanded, compressed, voxels } = tensors;
  const scratch = bottleneckScratch(unit, voxels, batchSize);
  const statistics = unit.norm === "layer" ? 2 * voxels * FLOAT : 0;
  if (!unit.grn) {
    // One kernel, which adds the residual as well, but for that of an up block.
    const forward = mixed + statistics + compressed + scratch.forward;
    return {
      inside: { inference: forward, training: forward, backward: mixed + scratch.backward },
      saved: statistics,
      leaving: compressed,
    };
  }
  // Normalised, expanded, activated, responded, compressed, added: one after the other.
  const sum = unit.kind !== "up" && unit.residual;
  const last = compressed * (sum ? 2 : 1);
  const saved = statistics + mixed + 3 * expanded;
  return {
    inside: {
      inference: Math.max(2 * mixed, mixed + expanded, 2 * expanded, expanded + compressed, last),
      training: mixed + saved + last,
      // The gradient of the first activation comes while all of them are there.
      backward: Math.max(expanded, 2 * mixed) + scratch.backward,
    },
    saved,
    leaving: compressed,
  };
}

/** What is there beside the depthwise convolution and the bottleneck. */
interface Besides {
  /** Forward, while the bottleneck works. */
  forward: number;
  /** Forward, at most behind the bottleneck, beside what leaves it. */
  behind: number;
  /** Kept for the backward pass. */
  saved: number;
  /** Gradient of what leaves the bottleneck. */
  upstream: number;
  /** At most, behind the bottleneck's backward pass. */
  backward: number;
}

function besides(unit: Unit, tensors: UnitTensors): Besides {
  const { input, mixed, compressed, coarse, output } = tensors;
  const residual = unit.kind !== "block" && unit.residual;
  switch (unit.kind) {
    case "down":
      return {
        forward: residual ? coarse + compressed : 0,
        behind: residual ? coarse + compressed : 0,
        saved: residual ? coarse : 0,
        upstream: output,
        // Gradients of the input by both ways, or one and its sum with that of the skip connection.
        backward: mixed + 2 * input,
      };
    case "up":
      return {
        forward: 0,
        // The residual and its sum with what leaves the bottleneck, then the padding.
        behind: residual ? coarse + Math.max(2 * compressed, output) : output,
        saved: 0,
        // Behind the padding; the gradient in front of it is that of the skip connection too.
        upstream: compressed,
        backward: mixed + (residual ? Math.max(coarse + input, 2 * input) : input),
      };
    default:
      return { forward: 0, behind: 0, saved: 0, upstream: output, backward: output + mixed };
  }
}
