/**
 * The configurations and ensembles among which one is chosen.
 * @module
 */
import {
  type BootstrapOptions,
  type CaseEvaluation,
  compareRuns,
  summarize,
} from "@mednext/metrics";
import type { RankedCandidate } from "../../artifacts/best_folder.ts";
import type { NamedReport } from "../named_reports.ts";

/** A candidate before its Dice is known. */
export interface NamedCandidate extends NamedReport {
  /** The configurations that it is made of. */
  members: string[];
}

/** Every pair of configurations, in their order. */
export function pairsOf(names: readonly string[]): string[][] {
  return names.flatMap((first, i) => names.slice(i + 1).map((second) => [first, second]));
}

/**
 * Measures the candidates by the voxel counts of their reports, whatever metrics those hold.
 *
 * @throws {RangeError} If their cases or labels are not the same.
 */
export function measure(
  candidates: readonly NamedCandidate[],
  bootstrap: BootstrapOptions,
): RankedCandidate[] {
  const counted = candidates.map((candidate) => ({ ...candidate, cases: diceOf(candidate.cases) }));
  // Refuses what cannot be compared.
  if (counted.length > 1) compareRuns(counted, { bootstrap: { resamples: 1 } });
  return counted.map(({ name, members, cases }) => {
    const { foreground: [dice], labels } = summarize(cases, { bootstrap });
    return {
      name,
      members,
      dice,
      labels: labels.map(({ name, metrics: [dice] }) => ({ name, dice })),
    };
  });
}

function diceOf(cases: readonly CaseEvaluation[]): CaseEvaluation[] {
  return cases.map((entry) => ({
    ...entry,
    labels: entry.labels.map((label) => {
      const { truePositives, falsePositives, falseNegatives } = label;
      const both = 2 * truePositives + falsePositives + falseNegatives;
      const value = both === 0
        ? { value: null, notFinite: "NaN" as const }
        : { value: 2 * truePositives / both };
      return { ...label, metrics: [{ metric: "dice", convention: "nnunet", ...value }] };
    }),
  }));
}

/** The candidate with the largest Dice; the first of equals, so configurations before ensembles. */
export function bestOf(candidates: readonly RankedCandidate[]): RankedCandidate {
  const valued = candidates.filter(({ dice }) => dice.value !== null);
  if (valued.length === 0) {
    throw new RangeError("Cannot find the best configuration: no case has any of the labels");
  }
  return valued.reduce((best, next) => next.dice.value! > best.dice.value! ? next : best);
}
