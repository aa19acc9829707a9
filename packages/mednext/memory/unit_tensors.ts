/**
 * How large the tensors of a unit are.
 * @module
 */
import type { Unit } from "../units/unit.ts";

/** Bytes of a float32. */
export const FLOAT = 4;

/** Bytes of the tensors that a unit makes from a batch. */
export interface UnitTensors {
  /** Voxels behind the depthwise convolution, of the batch. */
  voxels: number;
  /** What goes in. */
  input: number;
  /** The depthwise convolution's output. */
  mixed: number;
  /** One expanded volume. */
  expanded: number;
  /** The compressed volume; an up block pads it. */
  compressed: number;
  /** Of the residual of a down or up block: what its pointwise convolution has on the coarser grid. */
  coarse: number;
  /** What comes out. */
  output: number;
}

const product = (sizes: readonly number[]): number => sizes.reduce((total, n) => total * n, 1);

/** The spatial sizes behind a unit. */
export function sizeBehind({ kind }: Unit, size: readonly number[]): number[] {
  if (kind === "down") return size.map((n) => n / 2);
  return kind === "up" ? size.map((n) => 2 * n) : [...size];
}

/** The tensors of a unit whose input has these spatial sizes. */
export function unitTensors(
  unit: Unit,
  size: readonly number[],
  batchSize: number,
): UnitTensors {
  const { kind, inputChannels, outputChannels, expansionRatio } = unit;
  const bytes = (sizes: readonly number[], channels: number) =>
    FLOAT * batchSize * product(sizes) * channels;
  const output = sizeBehind(unit, size);
  // A transposed convolution gives an odd size; padding makes it even.
  const middle = kind === "up" ? output.map((n) => n - 1) : output;
  return {
    voxels: batchSize * product(middle),
    input: bytes(size, inputChannels),
    mixed: bytes(middle, inputChannels),
    expanded: bytes(middle, inputChannels * expansionRatio),
    compressed: bytes(middle, outputChannels),
    coarse: kind === "down" ? bytes(output, inputChannels) : bytes(size, outputChannels),
    output: bytes(output, outputChannels),
  };
}
