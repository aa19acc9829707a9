/**
 * The most that a training step holds at once.
 * @module
 */
import type { ResolvedMedNeXtConfig } from "../config.ts";
import { unitsOf } from "../units/unit.ts";
import { larger, type Peak, sum } from "./peak.ts";
import { imageBytes, type Patches, type Step, type Walk, walk } from "./walk.ts";
import { weightBytes } from "./weight_bytes.ts";

/** What is not followed one by one: sums of each task, statistics, and that every tensor begins a cache line. */
const SMALL_THINGS = 65536;

/** One step on one batch: forward, loss, backward, optimiser. */
export function trainingPeak(config: ResolvedMedNeXtConfig, patches: Patches): Peak {
  const way = walk(config, patches);
  const kept = way.steps.map((step) => keptBy(step, config));
  const held = imageBytes(config, patches) + sum(kept);
  const peaks = [
    forwardPeak(way, { config, kept, held }),
    lossPeak(way, held, config),
    backwardPeak(way, { config, kept, held }),
    optimizerPeak(config),
  ];
  const peak = peaks.reduce(larger);
  return { ...peak, transient: peak.transient + SMALL_THINGS };
}

/**
 * What the backward pass needs of a unit. The output of an up block goes, but its sum with the skip connection is as
 * large and stays.
 */
function keptBy({ saved, output }: Step, { rematerialize }: ResolvedMedNeXtConfig): number {
  return output + (rematerialize ? 0 : saved);
}

/** TensorFlow.js keeps the output of every layer until the loss is there: those of up blocks come on top. */
function forwardPeak({ steps, logits }: Walk, { config, kept, held }: Pass): Peak {
  let activations = held - sum(kept);
  let peak: Peak = { activations, gradients: 0, transient: 0 };
  for (const [index, { unit, training, output }] of steps.entries()) {
    peak = larger(peak, { activations, gradients: 0, transient: training });
    activations += kept[index] + (unit.kind === "up" ? output : 0);
  }
  activations += sum(logits);
  return larger(peak, { activations, gradients: 0, transient: labelBytes(logits, config) });
}

/** The loss copies the labels of a head. */
function labelBytes(logits: number[], { classes }: ResolvedMedNeXtConfig): number {
  return logits[0] / classes;
}

/** The logits, their gradients and a copy of the labels, before any of the network is passed. */
function lossPeak({ logits }: Walk, held: number, config: ResolvedMedNeXtConfig): Peak {
  const transient = 2 * sum(logits) + labelBytes(logits, config);
  return { activations: held, gradients: 0, transient };
}

/** What both ways through the network share. */
interface Pass {
  config: ResolvedMedNeXtConfig;
  /** By each unit. */
  kept: number[];
  /** At the end of the forward pass. */
  held: number;
}

function backwardPeak({ steps }: Walk, { config, kept, held }: Pass): Peak {
  const { rematerialize, deepSupervision } = config;
  const heads = unitsOf(config).filter(({ kind }) => kind === "head");
  let gradients = sum(heads.map(weightBytes));
  // Gradients that wait for others of the same tensor: behind heads, and of skip connections.
  const supervised = steps.filter(({ endsLevel, level }) => endsLevel && level > 0);
  const ofHeads = new Map(
    deepSupervision ? supervised.map(({ level, output }) => [level, output]) : [],
  );
  const ofSkips = new Map<number, number>();
  let peak: Peak = { activations: 0, gradients: 0, transient: 0 };
  for (const [index, step] of [...steps.entries()].reverse()) {
    const { unit, level, input, output, saved } = step;
    if (step.endsLevel) ofHeads.delete(level);
    if (step.beginsSkip) ofSkips.delete(level);
    if (unit.kind === "up") ofSkips.set(level - 1, output);
    gradients += weightBytes(unit);
    // What has used its output has been passed.
    const activations = held - output + sum([...ofHeads.values(), ...ofSkips.values()]);
    const again = Math.max(step.training + output, saved + step.backward + input);
    const transient = rematerialize ? again : step.backward;
    peak = larger(peak, { activations, gradients, transient });
    held -= kept[index];
  }
  return peak;
}

/** All gradients, and all their squares for the norm. */
function optimizerPeak(config: ResolvedMedNeXtConfig): Peak {
  const gradients = sum(unitsOf(config).map(weightBytes));
  return { activations: 0, gradients, transient: gradients };
}
