/**
 * What a MedNeXt is made from.
 * @module
 */
import type { MedNeXtSize } from "./presets.ts";

/** The settings of a network, as JSON. Everything but the first two has a default. */
export interface MedNeXtConfig {
  /** Channels of the input, at most 1024. */
  inputChannels: number;
  /** Channels of the output, the background included; at most 65536. */
  classes: number;
  /**
   * A size of the paper: gives `expansionRatios`, `blockCounts` and `rematerialize` where they are left out.
   * @default {"S"}
   */
  size?: MedNeXtSize;
  /**
   * The size of the depthwise kernels along each axis: 1, 3, 5 or 7.
   * @default {3}
   */
  kernelSize?: number;
  /**
   * Five outputs, from full to 1/16 resolution, instead of one.
   * @default {false}
   */
  deepSupervision?: boolean;
  /**
   * Channels at full resolution, at most 1024; each level below has twice as many.
   * @default {32}
   */
  baseChannels?: number;
  /** Nine ratios, at most 64: encoder 0 to 3, bottleneck, decoder 3 to 0. Default: those of `size`. */
  expansionRatios?: number[];
  /** Nine counts of blocks, at most 64, in the same order. Default: those of `size`. */
  blockCounts?: number[];
  /** The kernels of the encoder and its down blocks. Default: `kernelSize`. */
  encoderKernelSize?: number;
  /** The kernels of the bottleneck, the up blocks and the decoder. Default: `kernelSize`. */
  decoderKernelSize?: number;
  /**
   * `group`: each channel over its voxels. `layer`: each voxel over its channels.
   * @default {"group"}
   */
  norm?: "group" | "layer";
  /**
   * Global response normalisation in every block but `down_0`, as in the release.
   * @default {false}
   */
  grn?: boolean;
  /**
   * Whether a block adds its input.
   * @default {true}
   */
  residual?: boolean;
  /**
   * Whether a down or up block adds a pointwise convolution of its input.
   * @default {true}
   */
  residualResampling?: boolean;
  /**
   * 3: volumes, `[N, D, H, W, C]`. 2: images, `[N, H, W, C]`.
   * @default {3}
   */
  dimensions?: 2 | 3;
  /**
   * Keeps only the input of each block for the backward pass and computes the rest again: less memory,
   * one more forward pass, the same gradients. Default: as the release, on for M and L.
   */
  rematerialize?: boolean;
  /**
   * Draws the weights. The same seed gives the same bytes.
   * @default {0}
   */
  seed?: number;
}

/** A network's settings with every field filled in; `createMedNeXt` takes it as it is. */
export type ResolvedMedNeXtConfig = Required<MedNeXtConfig>;
