/**
 * Which components to remove, decided on the Dice of the cross-validation.
 * @module
 */
import type { LabelDefinition } from "@mednext/metrics";
import type { PostprocessingStep } from "@mednext/segment";

/** Mean Dice over the cases. */
export interface DiceMeans {
  /** Mean over the labels or regions. */
  foreground: number;
  /** Of each label or region, by name; `NaN` where no case has it. */
  labels: Record<string, number>;
}

/** A step that was tried. */
export interface Trial {
  /** The step. */
  step: PostprocessingStep;
  /** Dice without it. */
  before: DiceMeans;
  /** Dice with it. */
  after: DiceMeans;
  /** Whether it is kept. */
  kept: boolean;
}

/** What was learned. */
export interface LearnedPostprocessing {
  /** The steps that are kept, in order. */
  steps: PostprocessingStep[];
  /** Every step that was tried, in order. */
  trials: Trial[];
}

/**
 * Decides by nnU-Net's rule. First the largest component of all foreground as one: kept if the mean Dice
 * over the labels rises and that of no label falls. Then, if there are several, the largest component of
 * each label or region in turn: kept if its own Dice rises.
 *
 * Labels that no case has are left out of the mean (nnU-Net's is `NaN` then, and the first step is never
 * kept).
 *
 * Source: nnU-Net v2, `postprocessing/remove_connected_components.py`, `determine_postprocessing`.
 *
 * @param foreground All label values but the background.
 * @param labels The labels or regions that are evaluated.
 * @param score Gives the Dice of the masks after some steps.
 */
export async function learnPostprocessing(
  { foreground, labels }: { foreground: number[]; labels: readonly LabelDefinition[] },
  score: (steps: readonly PostprocessingStep[]) => Promise<DiceMeans>,
): Promise<LearnedPostprocessing> {
  const steps: PostprocessingStep[] = [], trials: Trial[] = [];
  let before = await score(steps);
  const attempt = async (
    step: PostprocessingStep,
    helps: (after: DiceMeans) => boolean,
  ): Promise<void> => {
    const after = await score([...steps, step]);
    const kept = helps(after);
    trials.push({ step, before, after, kept });
    if (!kept) return;
    steps.push(step);
    before = after;
  };
  await attempt(
    keepLargest("all foreground", foreground),
    (after) =>
      after.foreground > before.foreground &&
      !labels.some(({ name }) => after.labels[name] < before.labels[name]),
  );
  if (labels.length < 2) return { steps, trials };
  for (const { name, values } of labels) {
    await attempt(
      keepLargest(name, values),
      (after) => after.labels[name] > before.labels[name],
    );
  }
  return { steps, trials };
}

function keepLargest(name: string, values: readonly number[]): PostprocessingStep {
  return { operation: "keep-largest-component", name, values: [...values], connectivity: 26 };
}
