/**
 * The pieces of a MedNeXt as plain data, in the order of the release's state dict.
 * @module
 */
import type { ResolvedMedNeXtConfig } from "../config.ts";

/** One layer of the network: what it is, and what decides its parameters. */
export interface Unit {
  /** Which of the five kinds of layer. */
  kind: "stem" | "block" | "down" | "up" | "head";
  /** The prefix of its parameters in the state dict. */
  name: string;
  /** Channels in. */
  inputChannels: number;
  /** Channels out. */
  outputChannels: number;
  /** Channels inside over channels in. Stem and heads have no inside. */
  expansionRatio: number;
  /** Size of the depthwise kernel along each spatial axis. Stem and heads have none. */
  kernelSize: number;
  /** Over what the depthwise convolution's output is normalised. */
  norm: "group" | "layer";
  /** Whether it has global response normalisation. */
  grn: boolean;
  /** Whether it adds its input, or a pointwise convolution of it. */
  residual: boolean;
  /** Volumes or images. */
  dimensions: 2 | 3;
}

/** Levels below full resolution. */
export const LEVELS = 4;

/**
 * Every unit of the network (`MedNextV1.py` of the release), in the order in which it declares them.
 *
 * Two things are easy to get wrong: down block i has the ratio of the *next* stage, and the bottleneck has
 * the decoder's kernels. `down_0` is the one block without `grn`.
 */
export function unitsOf(config: ResolvedMedNeXtConfig): Unit[] {
  const { baseChannels, expansionRatios: ratios, blockCounts, norm, dimensions, grn } = config;
  const { encoderKernelSize: encoder, decoderKernelSize: decoder } = config;
  const channels = (level: number) => baseChannels * 2 ** level;
  const plain = {
    expansionRatio: 1,
    kernelSize: 1,
    norm,
    grn: false,
    residual: false,
    dimensions,
  } as const;

  const blocks = (name: string, level: number, stage: number, kernelSize: number): Unit[] =>
    Array.from({ length: blockCounts[stage] }, (_, index) => ({
      kind: "block",
      name: `${name}.${index}`,
      inputChannels: channels(level),
      outputChannels: channels(level),
      expansionRatio: ratios[stage],
      kernelSize,
      norm,
      grn,
      residual: config.residual,
      dimensions,
    }));
  const down = (level: number): Unit => ({
    kind: "down",
    name: `down_${level}`,
    inputChannels: channels(level),
    outputChannels: channels(level + 1),
    expansionRatio: ratios[level + 1],
    kernelSize: encoder,
    norm,
    grn: grn && level > 0,
    residual: config.residualResampling,
    dimensions,
  });
  const up = (level: number, stage: number): Unit => ({
    kind: "up",
    name: `up_${level}`,
    inputChannels: channels(level + 1),
    outputChannels: channels(level),
    expansionRatio: ratios[stage],
    kernelSize: decoder,
    norm,
    grn,
    residual: config.residualResampling,
    dimensions,
  });
  const head = (level: number): Unit => ({
    ...plain,
    kind: "head",
    name: `out_${level}`,
    inputChannels: channels(level),
    outputChannels: config.classes,
  });

  const encoderLevels = Array.from({ length: LEVELS }, (_, level) => level);
  return [
    {
      ...plain,
      kind: "stem",
      name: "stem",
      inputChannels: config.inputChannels,
      outputChannels: baseChannels,
    },
    ...encoderLevels.flatMap((i) => [...blocks(`enc_block_${i}`, i, i, encoder), down(i)]),
    ...blocks("bottleneck", LEVELS, LEVELS, decoder),
    ...encoderLevels.toReversed().flatMap((i) => {
      const stage = 2 * LEVELS - i;
      return [up(i, stage), ...blocks(`dec_block_${i}`, i, stage, decoder)];
    }),
    head(0),
    ...(config.deepSupervision ? [1, 2, 3, 4].map(head) : []),
  ];
}
