/**
 * The Dice of masks after some steps of post-processing.
 * @module
 */
import type { Dataset, Triple, Volume } from "@mednext/data";
import { type CaseEvaluation, evaluateCase, parseMetricSpecs, summarize } from "@mednext/metrics";
import { applyPostprocessing, type PostprocessingStep } from "@mednext/segment";
import { type CasePair, evaluatedLabels, readCasePair } from "../../artifacts/case_pair.ts";
import type { MaskFile } from "../../artifacts/mask_files.ts";
import type { DiceMeans } from "./learn_postprocessing.ts";

/** Pairs beyond this many bytes are read anew each time. */
const KEPT_BYTES = 2 ** 30;

/** A mask and its reference as label values. */
export interface LabelPair {
  /** The reference. */
  truth: Uint8Array | Uint16Array;
  /** The mask. */
  mask: Uint8Array | Uint16Array;
  /** The mask's grid. */
  grid: { shape: Triple; spacing: Triple; affine: number[] };
}

/** Reads pairs, keeping those that were read as long as there is room for them. */
export function cachedPairs(dataset: Dataset): (mask: MaskFile) => Promise<LabelPair> {
  const pairs = new Map<string, LabelPair>();
  let held = 0;
  return async (mask) => {
    const known = pairs.get(mask.id);
    if (known) return known;
    const pair = toLabels(await readCasePair(dataset, mask));
    const size = pair.truth.byteLength + pair.mask.byteLength;
    if (held + size <= KEPT_BYTES) {
      held += size;
      pairs.set(mask.id, pair);
    }
    return pair;
  };
}

function toLabels({ truth, mask }: CasePair): LabelPair {
  const { shape, spacing, affine } = mask;
  return { truth: compact(truth), mask: compact(mask), grid: { shape, spacing, affine } };
}

/** The values are those of labels: whole numbers up to 65535. */
function compact({ data }: Volume): Uint8Array | Uint16Array {
  for (let i = 0; i < data.length; i++) if (data[i] > 255) return new Uint16Array(data);
  return new Uint8Array(data);
}

/** The mean Dice of all masks after some steps, by nnU-Net's counts. */
export async function scoreMasks(
  masks: readonly MaskFile[],
  { steps, dataset, read, signal }: {
    steps: readonly PostprocessingStep[];
    dataset: Dataset;
    read: (mask: MaskFile) => Promise<LabelPair>;
    signal: AbortSignal;
  },
): Promise<DiceMeans> {
  const labels = evaluatedLabels(dataset);
  const metrics = parseMetricSpecs(["dice"]);
  const cases: CaseEvaluation[] = [];
  for (const file of masks) {
    signal.throwIfAborted();
    const { truth, mask, grid } = await read(file);
    const { shape, spacing } = grid;
    const cleaned = applyPostprocessing(mask, steps, { shape });
    const { id } = file;
    const options = { id, shape, spacing, labels, metrics, ignore: dataset.ignoreLabel };
    cases.push(evaluateCase(truth, cleaned, options));
  }
  const summary = summarize(cases);
  const dice = (means: { value: number | null }[]) => means[0].value ?? NaN;
  return {
    foreground: dice(summary.foreground),
    labels: Object.fromEntries(summary.labels.map(({ name, metrics }) => [name, dice(metrics)])),
  };
}
