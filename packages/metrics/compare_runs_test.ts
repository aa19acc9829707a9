import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { bootstrapInterval } from "./bootstrap_interval.ts";
import type { CaseEvaluation } from "./case_evaluation.ts";
import { compareRuns } from "./compare_runs.ts";
import { holmCorrection } from "./holm_correction.ts";
import { wilcoxonSignedRank } from "./wilcoxon_signed_rank.ts";

/** A run whose Dice and HD95 are given, for each case one list of two labels. */
function run(name: string, dices: number[][], distances: number[][], ids = ["a", "b", "c", "d"]) {
  const number = (value: number) =>
    Number.isFinite(value)
      ? { value }
      : { value: null, notFinite: String(value) as "NaN" | "Infinity" };
  const cases = dices.map((values, i): CaseEvaluation => ({
    id: ids[i],
    shape: [1, 1, 1],
    spacing: [1, 1, 1],
    labels: ["left", "right"].map((label, l) => ({
      name: label,
      values: [l + 1],
      truePositives: 0,
      falsePositives: 0,
      falseNegatives: 0,
      trueNegatives: 0,
      referenceMl: 0,
      predictionMl: 0,
      metrics: [
        { metric: "dice", convention: "nnunet", ...number(values[l]) },
        { metric: "hd95", convention: "deepmind", percentile: 95, ...number(distances[i][l]) },
      ],
    })),
  }));
  return { name, cases };
}

const first = run("k3", [[0.8, 0.7], [0.6, NaN], [0.5, 0.6], [0.9, 0.9]], [
  [2, Infinity],
  [3, 4],
  [1, Infinity],
  [2, 2],
]);
const second = run("k5", [[0.9, 0.8], [0.8, 0.5], [0.4, 0.9], [0.9, 0.95]], [
  [1, 2],
  [3, 4],
  [1, Infinity],
  [2, 1],
]);

Deno.test("compareRuns() gives means, difference and tests of the cases in which both have a value", () => {
  const { runs, cases, rows } = compareRuns([first, second], { bootstrap: { seed: 3 } });
  assertEquals([runs, cases], [["k3", "k5"], ["a", "b", "c", "d"]]);
  assertEquals(rows.map(({ label, metric, used, of }) => [label, metric, used, of]), [
    ["left", "dice", 4, 4],
    ["left", "hd95", 4, 4],
    ["right", "dice", 3, 4],
    ["right", "hd95", 4, 4],
    [null, "dice", 4, 4],
    [null, "hd95", 4, 4],
  ]);
  const [left, , right] = rows;
  assertAlmostEquals(left.firstMean.value!, 0.7);
  assertAlmostEquals(left.secondMean.value!, 0.75);
  assertAlmostEquals(left.difference.value!, 0.05);
  assertAlmostEquals(right.firstMean.value!, 2.2 / 3);
  assertAlmostEquals(right.secondMean.value!, 2.65 / 3);
  const differences = [0.9 - 0.8, 0.8 - 0.6, 0.4 - 0.5, 0];
  const interval = bootstrapInterval(
    4,
    (indices) => indices.reduce((sum, i) => sum + differences[i], 0) / 4,
    { seed: 3 },
  );
  assertEquals(left.interval, interval);
  assertEquals(left.pValue, wilcoxonSignedRank(differences).pValue);
  const corrected = holmCorrection(rows.map(({ pValue }) => pValue!));
  assertEquals(rows.map(({ pHolm }) => pHolm), corrected);
});

Deno.test("compareRuns() counts a structure that one run misses, and takes two misses as equal", () => {
  const { rows } = compareRuns([first, second]);
  const { firstMean, difference, interval, pValue } = rows[3];
  assertEquals(firstMean, { value: null, notFinite: "Infinity" });
  assertEquals(difference, { value: null, notFinite: "-Infinity" });
  assertEquals(interval, undefined);
  assertEquals(pValue, wilcoxonSignedRank([-Infinity, 0, 0, -1]).pValue);
});

Deno.test("compareRuns() takes the mean over labels in each case, of those that have a value", () => {
  const { rows } = compareRuns([first, second]);
  // Case b of the first run has only the left label.
  assertAlmostEquals(rows[4].firstMean.value!, (0.75 + 0.6 + 0.55 + 0.9) / 4);
});

Deno.test("compareRuns() compares every pair, and the order of the cases does not matter", () => {
  const turned = { name: "turned", cases: second.cases.toReversed() };
  const { rows } = compareRuns([first, second, turned]);
  const pairs = [...new Set(rows.map((row) => `${row.first}, ${row.second}`))];
  assertEquals(pairs, ["k3, k5", "k3, turned", "k5, turned"]);
  assertEquals(rows.at(-2)!.difference, { value: 0 });
  assertEquals(rows.at(-2)!.pHolm, 1);
});

Deno.test("compareRuns() says that there is nothing to test when no case has a value in both", () => {
  const none = [[NaN, 0.5], [NaN, 0.6]], far = [[1, 1], [1, 1]];
  const { rows: [row] } = compareRuns([
    run("x", none, far),
    run("y", [[0.5, 0.5], [0.5, 0.5]], far),
  ]);
  assertEquals([row.used, row.of, row.pValue, row.pHolm], [0, 2, null, null]);
  assertEquals(row.difference, { value: null, notFinite: "NaN" });
});

Deno.test("compareRuns() gives the same when it has been through JSON", () => {
  const comparison = compareRuns([first, second]);
  assertEquals(JSON.parse(JSON.stringify(comparison)), comparison);
});

Deno.test("compareRuns() throws when the runs cannot be compared case by case", () => {
  const short = { name: "short", cases: second.cases.slice(1) };
  const renamed = run(
    "renamed",
    [[1, 1], [1, 1], [1, 1], [1, 1]],
    [[0, 0], [0, 0], [0, 0], [0, 0]],
    [
      "a",
      "b",
      "c",
      "e",
    ],
  );
  const other = {
    name: "other",
    cases: second.cases.map((entry) => ({ ...entry, labels: entry.labels.slice(1) })),
  };
  const refused: [() => unknown, string][] = [
    [
      () => compareRuns([]),
      "Cannot compare runs as there must be at least two, each with a name of its own: found none",
    ],
    [
      () => compareRuns([first, first]),
      'Cannot compare runs as there must be at least two, each with a name of its own: found "k3", "k3"',
    ],
    [
      () => compareRuns([first, { name: "empty", cases: [] }]),
      'Cannot compare run "empty" as there must be at least one case: found none',
    ],
    [
      () => compareRuns([first, short]),
      'Cannot compare runs as all must have the same cases: only "k3" has "a"',
    ],
    [
      () => compareRuns([first, renamed]),
      'Cannot compare runs as all must have the same cases: only "k3" has "d", only "renamed" has "e"',
    ],
    [
      () => compareRuns([first, other]),
      'Cannot compare runs as all must have the same labels and metrics: "other" has others than "k3"',
    ],
  ];
  for (const [compare, message] of refused) {
    assertEquals(assertThrows(compare, RangeError).message, message);
  }
});
