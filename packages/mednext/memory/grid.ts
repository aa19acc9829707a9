/**
 * How large the tensors of a unit are.
 * @module
 */
import type { Unit } from "../units/unit.ts";

/** Bytes of the tensors that go through a unit, for a whole batch. */
export interface UnitTensors {
  /** What goes in. */
  input: number;
  /** The depthwise convolution's output. */
  mixed: number;
  /** One expanded volume. */
  expanded: number;
  /** The compressed volume, before an up block is padded. */
  compressed: number;
  /** In the residual of a down or up block: on the coarser grid, before or after its convolution. */
  residual: number;
  /** What comes out. */
  output: number;
}

/** Bytes of a float32. */
export const FLOAT = 4;

const product = (sizes: readonly number[]): number => sizes.reduce((total, n) => total * n, 1);

/** The spatial sizes behind a unit. */
export function sizeBehind({ kind }: Unit, size: readonly number[]): number[] {
  if (kind === "down") return size.map((n) => n / 2);
  return kind === "up" ? size.map((n) => 2 * n) : [...size];
}

/** The tensors of a unit whose input has these spatial sizes. */
export function tensorsOf(unit: Unit, size: readonly number[], batchSize: number): UnitTensors {
  const { kind, inputChannels, outputChannels, expansionRatio } = unit;
  const bytes = (sizes: readonly number[], channels: number) =>
    FLOAT * batchSize * product(sizes) * channels;
  const output = sizeBehind(unit, size);
  const middle = kind === "up" ? size.map((n) => 2 * n - 1) : output;
  return {
    input: bytes(size, inputChannels),
    mixed: bytes(middle, inputChannels),
    expanded: bytes(middle, inputChannels * expansionRatio),
    compressed: bytes(middle, outputChannels),
    residual: kind === "down" ? bytes(output, inputChannels) : bytes(size, outputChannels),
    output: bytes(output, outputChannels),
  };
}
