import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { bootstrapInterval } from "./bootstrap_interval.ts";
import { evaluateCase } from "./evaluate_case.ts";
import type { Triple } from "./grid.ts";
import { parseMetricSpecs } from "./parse_metric_specs.ts";
import { summarize } from "./summarize.ts";

const metrics = parseMetricSpecs(["dice", { hd95: { convention: "deepmind" } }]);
const options = {
  shape: [1, 1, 4] as Triple,
  spacing: [1, 1, 1] as Triple,
  labels: [
    { name: "background", values: [0] },
    { name: "one", values: [1] },
    { name: "two", values: [2] },
    { name: "never", values: [9] },
  ],
  metrics,
};

function evaluated(id: string, reference: number[], prediction: number[]) {
  return evaluateCase(Uint8Array.from(reference), Uint8Array.from(prediction), { ...options, id });
}

const cases = [
  evaluated("a", [1, 1, 2, 0], [1, 1, 2, 0]), // dice 1, 1
  evaluated("b", [1, 1, 0, 0], [1, 0, 0, 0]), // dice 2/3, both empty
  evaluated("c", [0, 1, 2, 0], [0, 1, 0, 0]), // dice 1, one empty
];

Deno.test("summarize() leaves NaN out and says how many values it used when a label is absent", () => {
  const { labels } = summarize(cases, { expected: ["a", "b", "c"] });
  const dice = labels.map(({ metrics: [mean] }) => mean);
  assertAlmostEquals(dice[1].value!, (1 + 2 / 3 + 1) / 3);
  assertEquals([dice[1].used, dice[1].of], [3, 3]);
  assertEquals([dice[2].value, dice[2].used, dice[2].of], [0.5, 2, 3]);
  assertEquals([dice[3].value, dice[3].notFinite, dice[3].used], [null, "NaN", 0]);
});

Deno.test("summarize() keeps Infinity when a structure is missed", () => {
  const { labels, foreground } = summarize(cases);
  const [, , two] = labels.map(({ metrics: [, distance] }) => distance);
  assertEquals(two, {
    metric: "hd95",
    convention: "deepmind",
    percentile: 95,
    value: null,
    notFinite: "Infinity",
    used: 3,
    of: 3,
  });
  assertEquals(foreground[1].notFinite, "Infinity");
});

Deno.test("summarize() makes the foreground mean of the labels with a value, without background", () => {
  const { foreground: [dice] } = summarize(cases);
  assertAlmostEquals(dice.value!, ((1 + 2 / 3 + 1) / 3 + 0.5) / 2);
  assertEquals([dice.used, dice.of], [2, 3]);
});

Deno.test("summarize() gives each mean the interval of its own values, all from the same draws", () => {
  const bootstrap = { resamples: 300, seed: 4, confidence: 0.9 };
  const summary = summarize(cases, { bootstrap });
  const one = [1, 2 / 3, 1], two = [1, NaN, 0];
  const mean = (values: number[], indices: Uint32Array) => {
    const drawn = Array.from(indices, (i) => values[i]).filter((value) => !Number.isNaN(value));
    return drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
  };
  const [, first, second, never] = summary.labels.map(({ metrics: [dice] }) => dice.interval);
  assertEquals(first, bootstrapInterval(3, (indices) => mean(one, indices), bootstrap));
  assertEquals(second, bootstrapInterval(3, (indices) => mean(two, indices), bootstrap));
  assertEquals(never, undefined);
  const foreground = bootstrapInterval(3, (indices) => {
    const means = [mean(one, indices), mean(two, indices)].filter((value) => !Number.isNaN(value));
    return means.reduce((sum, value) => sum + value, 0) / means.length;
  }, bootstrap);
  assertEquals(summary.foreground[0].interval, foreground);
  assertEquals(summary.foreground[1].interval, undefined); // the mean is infinite
  assertEquals(summary.bootstrap, bootstrap);
  assertEquals(JSON.parse(JSON.stringify(summary)), summary);
});

Deno.test("summarize() gives no interval to the mean of one case", () => {
  const summary = summarize(cases.slice(0, 1), { bootstrap: {} });
  assertEquals(summary.labels.flatMap(({ metrics }) => metrics.map(({ interval }) => interval)), [
    ...Array(8).fill(undefined),
  ]);
  assertEquals(summary.foreground[0].interval, undefined);
});

Deno.test("summarize() gives the same when cases and result have been through JSON", () => {
  const summary = summarize(JSON.parse(JSON.stringify(cases)));
  assertEquals(summary, summarize(cases));
  assertEquals(JSON.parse(JSON.stringify(summary)), summary);
});

Deno.test("summarize() throws when cases are missing, unexpected, repeated or different", () => {
  const other = { ...cases[1], labels: cases[1].labels.slice(1) };
  const refused: [() => unknown, string][] = [
    [
      () => summarize(cases, { expected: ["a", "x", "b", "y", "c"] }),
      'Cannot summarize metrics as every case must have a prediction: missing "x", "y"',
    ],
    [
      () => summarize(cases, { expected: ["a", "b"] }),
      'Cannot summarize metrics as every case must be an expected one: found "c"',
    ],
    [
      () => summarize([]),
      "Cannot summarize metrics as there must be at least one case: found none",
    ],
    [
      () => summarize([cases[0], cases[1], cases[0]]),
      'Cannot summarize metrics as every case must be given once: found "a" again',
    ],
    [
      () => summarize([cases[0], other]),
      'Cannot summarize metrics as all cases must have the labels and metrics of case "a": different in "b"',
    ],
  ];
  for (const [run, message] of refused) {
    assertEquals(assertThrows(run, RangeError).message, message);
  }
});
