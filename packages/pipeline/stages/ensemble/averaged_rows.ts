import type { ScoreRow } from "@mednext/data";
import type { Activation } from "../../artifacts/probabilities_format.ts";
import type { Probabilities } from "../../artifacts/probabilities_reader.ts";

/** What is averaged: probabilities, or their logarithms. */
export type Average = "softmax" | "logits";

/** The smallest step of float16: what is stored as 0 was less. */
const SMALLEST = 2 ** -24;
/** Half a step of float16 below 1: what is stored as 1 was more than this. */
const LARGEST = 1 - 2 ** -12;

/**
 * Averages the probabilities of a case row by row. Logits are the logarithms of probabilities: of a
 * softmax they are known up to a number that is the same for all classes of a voxel, which does not change
 * which is the largest; of a sigmoid they are log(p / (1 - p)).
 */
export async function* averagedRows(
  members: readonly Probabilities[],
  average: Average,
): AsyncGenerator<ScoreRow> {
  const score = average === "softmax" ? (p: number) => p : LOGITS[members[0].activation];
  const [first, ...others] = members.map((member) => member.rows());
  for await (const { index, scores } of first) {
    const sums = scores.map(score);
    for (const other of others) {
      const next: ScoreRow = (await other.next()).value;
      for (let i = 0; i < sums.length; i++) sums[i] += score(next.scores[i]);
    }
    yield { index, scores: sums.map((sum) => sum / members.length) };
  }
}

const LOGITS: Record<Activation, (p: number) => number> = {
  softmax: (p) => Math.log(Math.max(p, SMALLEST)),
  sigmoid(p) {
    const inside = Math.min(Math.max(p, SMALLEST), LARGEST);
    return Math.log(inside / (1 - inside));
  },
};
