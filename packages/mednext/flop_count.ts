/**
 * The arithmetic of a network, without making it.
 * @module
 */
import { checkInput } from "./check_input.ts";
import type { MedNeXtConfig } from "./config.ts";
import { sizeBehind } from "./memory/unit_tensors.ts";
import { resolveConfig } from "./resolve_config.ts";
import { type Unit, unitsOf } from "./units/unit.ts";

/** What a network works on. */
export interface FlopCountOptions {
  /** Voxels along D, H, W; in 2-D along H, W. */
  patchSize: readonly number[];
  /**
   * Patches that go through the network at a time.
   * @default {1}
   */
  batchSize?: number;
}

/** Floating point operations: a multiplication and an addition are two. */
export interface FlopCount {
  /** Of the depthwise convolutions. */
  depthwise: number;
  /** Of all others. */
  pointwise: number;
  /** Of both. */
  total: number;
}

/**
 * Counts the floating point operations of the convolutions in one forward pass. Biases, normalisations, activations
 * and sums are left out; taps that fall into the padding count.
 *
 * With V voxels, C channels in, C' out, ratio R and kernel k, a block has 2·V·(C·k³ + R·C·C + R·C·C'); a down block
 * has that on V/8 voxels, with 2·C·C' more for each; an up block begins with 2·V·C·k³ on the coarse grid, its other
 * convolutions run on (2n - 1)³ voxels, its residual on the coarse grid.
 *
 * A training step as that of `@mednext/segment` is three to four times as much: the backward pass has two products for
 * each convolution of the forward pass, and expands anew what was not kept.
 *
 * The release's table, of patches of 128³ voxels, counts a multiplication and an addition as one, and normalisations as
 * well: 130 GFLOPs for S with kernel 3.
 *
 * @example
 * ```ts
 * import { flopCount } from "@mednext/mednext";
 * import { assertEquals } from "@std/assert";
 *
 * const { total } = flopCount({ inputChannels: 1, classes: 2 }, { patchSize: [128, 128, 128] });
 * assertEquals(Math.round(total / 2e9), 127);
 * ```
 * @param config The settings of the network.
 * @param options What it works on.
 * @returns The operations for the whole batch.
 * @throws {RangeError} As `resolveConfig` and `checkInput`.
 */
export function flopCount(config: MedNeXtConfig, options: FlopCountOptions): FlopCount {
  const { patchSize, batchSize = 1 } = options;
  const resolved = resolveConfig(config);
  checkInput([batchSize, ...patchSize, resolved.inputChannels], resolved);
  const count = { depthwise: 0, pointwise: 0 };
  const add = (unit: Unit, size: readonly number[]) => {
    const products = productsOf(unit, size);
    count.depthwise += 2 * batchSize * products.depthwise;
    count.pointwise += 2 * batchSize * products.pointwise;
  };
  const units = unitsOf(resolved);
  let size: readonly number[] = patchSize;
  for (const unit of units.filter(({ kind }) => kind !== "head")) {
    add(unit, size);
    size = sizeBehind(unit, size);
  }
  units.filter(({ kind }) => kind === "head").forEach((head, level) => {
    add(head, patchSize.map((n) => n / 2 ** level));
  });
  return { ...count, total: count.depthwise + count.pointwise };
}

const product = (sizes: readonly number[]): number => sizes.reduce((total, n) => total * n, 1);

/** The multiplications of the convolutions of a unit whose input has these spatial sizes. */
function productsOf(
  unit: Unit,
  size: readonly number[],
): { depthwise: number; pointwise: number } {
  const { kind, inputChannels, outputChannels, expansionRatio, kernelSize, dimensions } = unit;
  const across = inputChannels * outputChannels;
  if (kind === "stem" || kind === "head") {
    return { depthwise: 0, pointwise: product(size) * across };
  }
  // A transposed convolution gives 2n - 1 voxels; padding comes last.
  const middle = kind === "up" ? size.map((n) => 2 * n - 1) : sizeBehind(unit, size);
  const voxels = product(middle);
  const coarse = product(kind === "up" ? size : middle);
  const inside = expansionRatio * inputChannels;
  const resampled = kind !== "block" && unit.residual ? coarse * across : 0;
  return {
    // Of a transposed convolution every input meets every tap.
    depthwise: coarse * inputChannels * kernelSize ** dimensions,
    pointwise: voxels * inside * (inputChannels + outputChannels) + resampled,
  };
}
