/**
 * The units in the order in which a batch goes through them.
 * @module
 */
import type { ResolvedMedNeXtConfig } from "../config.ts";
import { type Unit, unitsOf } from "../units/unit.ts";
import { type UnitMemory, unitMemory } from "./unit_memory.ts";
import { FLOAT, sizeBehind } from "./unit_tensors.ts";

/** A unit on the way, with what it needs for one batch. */
export interface Step extends UnitMemory {
  /** The unit. */
  unit: Unit;
  /** How often the resolution was halved before it. */
  level: number;
  /** Bytes of its input. */
  input: number;
  /** Whether it is the last of its level on the way down: a skip connection begins behind it. */
  beginsSkip: boolean;
  /** Whether it is the last of its level on the way up, or of the bottleneck: a head may follow. */
  endsLevel: boolean;
}

/** Every unit but the heads, and the bytes of the logits of each head. */
export interface Walk {
  steps: Step[];
  /** From full resolution down. */
  logits: number[];
}

/** The patches that go through the network at a time. */
export interface Patches {
  /** Voxels along D, H, W, or H, W. */
  patchSize: readonly number[];
  /** How many. */
  batchSize: number;
}

/** Follows a batch through the network. */
export function walk(config: ResolvedMedNeXtConfig, patches: Patches): Walk {
  const { patchSize, batchSize } = patches;
  const units = unitsOf(config);
  const body = units.filter(({ kind }) => kind !== "head");
  const steps: Step[] = [];
  const logits: number[] = [];
  let size = [...patchSize];
  let level = 0;
  let input = imageBytes(config, patches);
  for (const [index, unit] of body.entries()) {
    const memory = unitMemory(unit, size, batchSize);
    const next = body[index + 1]?.kind;
    const goesUp = next === "up" || next === undefined;
    steps.push({ unit, level, input, ...memory, beginsSkip: next === "down", endsLevel: goesUp });
    if (goesUp) logits[level] = memory.output / unit.outputChannels * config.classes;
    size = sizeBehind(unit, size);
    level += unit.kind === "down" ? 1 : unit.kind === "up" ? -1 : 0;
    input = memory.output;
  }
  return { steps, logits: config.deepSupervision ? logits : logits.slice(0, 1) };
}

/** Bytes of a batch of patches. */
export function imageBytes(
  { inputChannels }: ResolvedMedNeXtConfig,
  { patchSize, batchSize }: Patches,
): number {
  return FLOAT * batchSize * inputChannels * patchSize.reduce((product, n) => product * n, 1);
}
