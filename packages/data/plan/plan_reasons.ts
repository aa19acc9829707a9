import type { DatasetFingerprint } from "../fingerprint/dataset_fingerprint.ts";
import { voxelsOf } from "./per_axis.ts";
import type { Plan } from "./plan.ts";
import { MASK_BELOW } from "./plan_normalization.ts";
import type { PlannedPatch } from "./plan_patch.ts";
import type { TargetSpacing } from "./target_spacing.ts";

/** The fields of a plan that are choices. */
export type PlanChoice =
  | "spacing"
  | "transpose"
  | "order"
  | "normalization"
  | "patchSize"
  | "batchSize"
  | "batchDice";

/** Why each choice was made: a sentence with the numbers behind it. */
export type PlanReasons = Record<PlanChoice, string>;

/** What the reasons are made from. */
export interface Decision {
  plan: Plan;
  fingerprint: DatasetFingerprint;
  target: TargetSpacing;
  patch: PlannedPatch;
  /** Who decided a choice, where the rules did not: "given as a parameter", "the paper's". */
  decided: Partial<Record<PlanChoice, string>>;
}

/** Explains a plan. */
export function planReasons(decision: Decision): PlanReasons {
  const by: Record<PlanChoice, (decision: Decision) => string> = {
    spacing: spacingReason,
    transpose: transposeReason,
    order: () => "nnU-Net v2's: intensities are normalised before they are interpolated",
    normalization: normalizationReason,
    patchSize: patchReason,
    batchSize: batchReason,
    batchDice: batchDiceReason,
  };
  const reasons = Object.entries(by).map(([choice, reason]) =>
    [choice, decision.decided[choice as PlanChoice] ?? reason(decision)] as const
  );
  return Object.fromEntries(reasons) as PlanReasons;
}

const rounded = (value: number) => String(Number(value.toPrecision(5)));
const times = (values: readonly number[]) => values.map(rounded).join(" x ");
const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(2)} GiB`;
const percent = (share: number) => `${rounded(100 * Number(share.toPrecision(3)))} %`;

function spacingReason({ target, fingerprint }: Decision): string {
  const { spacing, median, refinedAxis } = target;
  const cases = fingerprint.spacings.length;
  const medians = `the median of ${cases} cases along D, H, W is ${times(median)} mm`;
  if (refinedAxis === undefined) return medians;
  const axis = "DHW"[refinedAxis];
  return `${medians}, but ${axis} is more than 3 times coarser than the others and has less than a third of ` +
    `their voxels, so that the 10th percentile of its spacings, ${
      rounded(spacing[refinedAxis])
    } mm, is taken instead`;
}

function transposeReason({ plan: { transpose, spacing } }: Decision): string {
  const [first, ...rest] = spacing;
  if (transpose.every((axis, i) => axis === i)) {
    return `no axis is coarser than D, which has ${rounded(first)} mm and comes first anyway`;
  }
  return `${"DHW"[transpose[0]]} is the coarsest axis of the images (${rounded(first)} mm beside ${
    rest.map(rounded).join(" and ")
  }) and comes first`;
}

function normalizationReason({ plan, fingerprint }: Decision): string {
  const { normalization, channelNames } = plan;
  const schemes = normalization.map(({ scheme }, i) => `${scheme} for ${channelNames[i]}`);
  const names = `nnU-Net's for channels of these names: ${schemes.join(", ")}`;
  if (!normalization.some(({ scheme }) => scheme === "zscore")) return names;
  const kept = fingerprint.median_relative_size_after_cropping;
  return `${names}; cropping to what is not 0 leaves ${percent(kept)} of the median image, ${
    kept < MASK_BELOW ? "less than" : "at least"
  } 75 %, so that zscore looks ${kept < MASK_BELOW ? "inside the mask alone" : "at all voxels"}`;
}

function patchReason({ plan, patch }: Decision): string {
  const { wanted, patchSize } = patch;
  const { spacing, medianShape, batchSize, memory } = plan;
  const first = `the proportions of ${times(spacing)} mm, cut down to the median shape ` +
    `${times(medianShape)} and rounded up to multiples of 16, give ${times(wanted)}`;
  const fits = `${gib(memory.estimatedBytes)} of ${gib(memory.budgetBytes)}`;
  if (wanted.every((size, axis) => size === patchSize[axis])) {
    return `${first}; ${batchSize} of them fit into the memory (${fits})`;
  }
  return `${first}; that is too much memory, so that the axis that was largest relative to the median shape was ` +
    `cut until ${Math.min(batchSize, 2)} fitted (${batchSize} take ${fits})`;
}

function batchReason({ plan, patch, fingerprint }: Decision): string {
  const { batchSize, memory } = plan;
  const { largestBatch, patchSize } = patch;
  const data = voxelsOf(plan.medianShape) * fingerprint.spacings.length;
  const share = percent(batchSize * voxelsOf(patchSize) / data);
  const estimate = `${gib(memory.estimatedBytes)} of ${gib(memory.budgetBytes)}`;
  if (batchSize < largestBatch) return `no more fit into the memory (${estimate})`;
  const holds = `${batchSize} hold ${share} of the data set's voxels`;
  return largestBatch === 2
    ? `nnU-Net's least; ${holds} and take ${estimate}`
    : `one more would be more than 5 %: ${holds} and take ${estimate}`;
}

function batchDiceReason({ plan: { medianShape, patchSize, batchDice } }: Decision): string {
  const share = percent(voxelsOf(patchSize) / voxelsOf(medianShape));
  return `a patch holds ${share} of the median image's voxels, ${
    batchDice ? "at most" : "more than"
  } an eighth: ${
    batchDice
      ? "many patches hold little of a structure, which makes a Dice of their own unsteady"
      : "each patch has a Dice of its own"
  }`;
}
