import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { evaluateCase } from "./evaluate_case.ts";
import type { Triple } from "./grid.ts";
import { hausdorff } from "./hausdorff.ts";
import { hausdorff95 } from "./hausdorff95.ts";
import { parseMetricSpecs } from "./parse_metric_specs.ts";
import { surfaceDice } from "./surface_dice.ts";

const grid = { shape: [2, 3, 4] as Triple, spacing: [3, 2, 0.5] as Triple };
const reference = new Uint8Array([
  0,
  1,
  1,
  0,
  0,
  1,
  2,
  2,
  0,
  0,
  2,
  0,
  0,
  1,
  1,
  0,
  0,
  2,
  2,
  2,
  0,
  0,
  0,
  0,
]);
const prediction = new Uint8Array([
  0,
  1,
  1,
  1,
  0,
  2,
  2,
  2,
  0,
  0,
  0,
  0,
  0,
  1,
  1,
  0,
  0,
  2,
  2,
  0,
  0,
  0,
  0,
  0,
]);
const labels = [
  { name: "anterior", values: [1] },
  { name: "posterior", values: [2] },
  { name: "whole", values: [1, 2] },
  { name: "absent", values: [3] },
];
const metrics = parseMetricSpecs([
  "dice",
  { nsd: { convention: "deepmind", tolerance: 1 } },
  { hd95: { convention: "medpy" } },
  { hausdorff: { convention: "deepmind", percentile: 100 } },
]);

Deno.test("evaluateCase() counts voxels and millilitres when given labels and a region", () => {
  const evaluation = evaluateCase(reference, prediction, { ...grid, labels, metrics, id: "a" });
  const { metrics: _, ...anterior } = evaluation.labels[0];
  assertEquals(evaluation.id, "a");
  assertEquals(anterior, {
    name: "anterior",
    values: [1],
    truePositives: 4,
    falsePositives: 1,
    falseNegatives: 1,
    trueNegatives: 18,
    referenceMl: 0.015,
    predictionMl: 0.015,
  });
  assertEquals(evaluation.labels.map((label) => label.truePositives), [4, 4, 9, 0]);
  assertAlmostEquals(evaluation.labels[2].metrics[0].value!, 2 * 9 / (11 + 10));
});

Deno.test("evaluateCase() gives what the functions give when they are called for each label", () => {
  const evaluation = evaluateCase(reference, prediction, { ...grid, labels, metrics });
  evaluation.labels.slice(0, 3).forEach(({ values, metrics: [, nsd, hd95, distance] }) => {
    const options = { ...grid, labels: values };
    assertEquals<unknown>(
      [nsd, hd95, distance].map(({ empty: _, ...record }) => record),
      [
        surfaceDice(reference, prediction, { ...options, convention: "deepmind", tolerance: 1 }),
        hausdorff95(reference, prediction, { ...options, convention: "medpy" }),
        hausdorff(reference, prediction, { ...options, convention: "deepmind" }),
      ],
    );
  });
});

Deno.test("evaluateCase() gives null with the reason when a label is in neither mask", () => {
  const { labels: [absent] } = evaluateCase(reference, prediction, {
    ...grid,
    labels: labels.slice(3),
    metrics,
  });
  const rest = { empty: "both", value: null } as const;
  assertEquals(absent.metrics, [
    {
      ...rest,
      metric: "dice",
      convention: "nnunet",
      notFinite: "NaN",
      reason: "both masks are empty: nnunet gives NaN",
    },
    {
      ...rest,
      metric: "nsd",
      convention: "deepmind",
      tolerance: 1,
      notFinite: "NaN",
      reason: "both masks are empty: deepmind gives NaN",
    },
    {
      ...rest,
      metric: "hd95",
      convention: "medpy",
      percentile: 95,
      notFinite: "NaN",
      reason: "both masks are empty: medpy defines no value",
    },
    {
      ...rest,
      metric: "hausdorff",
      convention: "deepmind",
      percentile: 100,
      notFinite: "Infinity",
      reason: "both masks are empty: deepmind gives Infinity",
    },
  ]);
});

Deno.test("evaluateCase() follows the rule of the metric before its own when a mask is empty", () => {
  const { labels: [label] } = evaluateCase(reference, new Uint8Array(24), {
    ...grid,
    labels: labels.slice(0, 1),
    metrics: parseMetricSpecs([
      { hd95: { convention: "medpy" } },
      { hd95: { convention: "medpy", empty: "nan" } },
    ]),
    empty: "one",
  });
  assertEquals(label.metrics.map(({ notFinite, reason }) => [notFinite, reason]), [
    ["Infinity", 'the prediction mask is empty: rule "one" gives Infinity'],
    ["NaN", 'the prediction mask is empty: rule "nan" gives NaN'],
  ]);
});

Deno.test("evaluateCase() gives the same when it has been through JSON", () => {
  const evaluation = evaluateCase(reference, prediction, { ...grid, labels, metrics });
  assertEquals(JSON.parse(JSON.stringify(evaluation)), evaluation);
});

Deno.test("evaluateCase() throws when the input is not valid", () => {
  const options = { ...grid, labels, metrics, id: "b" };
  const cases: [() => unknown, string][] = [
    [
      () => evaluateCase(reference, new Uint8Array(3), options),
      "Cannot evaluate case \"b\" as 'prediction' must have 24 voxels for shape [2, 3, 4]: current value has 3",
    ],
    [
      () => evaluateCase(reference, new Float64Array(24).fill(NaN), options),
      "Cannot evaluate case \"b\" as 'prediction' must hold numbers only: current value has NaN at voxel 0",
    ],
    [
      () => evaluateCase(reference, prediction, { ...options, metrics: [] }),
      "Cannot evaluate case \"b\" as 'metrics' must name at least one: current value is []",
    ],
    [
      () => evaluateCase(reference, prediction, { ...options, labels: [labels[0], labels[0]] }),
      'Cannot evaluate case "b" as \'labels\' must have at least one entry and no name twice: current value is ["anterior", "anterior"]',
    ],
    [
      () =>
        evaluateCase(reference, prediction, {
          ...options,
          metrics: [{ metric: "nsd", convention: "deepmind", tolerance: -2 }],
        }),
      "Cannot evaluate case \"b\" as 'tolerance' must be a number of millimetres of at least 0: current value is -2",
    ],
  ];
  for (const [run, message] of cases) {
    assertEquals(assertThrows(run, RangeError).message, message);
  }
});

Deno.test("evaluateCase() lets voxels to ignore count nowhere, and ends both masks where they begin", () => {
  const options = { shape: [1, 1, 8] as Triple, spacing: [1, 1, 1] as Triple, ignore: 9 };
  const { labels: [background, organ] } = evaluateCase(
    Uint8Array.of(0, 1, 1, 1, 9, 9, 9, 0),
    Uint8Array.of(0, 0, 1, 1, 1, 1, 0, 0),
    {
      ...options,
      labels: [{ name: "background", values: [0] }, { name: "organ", values: [1] }],
      metrics: parseMetricSpecs(["dice", { hd95: { convention: "medpy" } }]),
    },
  );
  const { metrics: [dice, hd95], ...counts } = organ;
  assertEquals(counts, {
    name: "organ",
    values: [1],
    truePositives: 2,
    falsePositives: 0,
    falseNegatives: 1,
    trueNegatives: 2,
    referenceMl: 0.003,
    predictionMl: 0.002,
  });
  assertEquals(dice.value, 0.8);
  // Of five distances between borders one is 1 and four are 0: the 95th percentile is 0.8.
  assertAlmostEquals(hd95.value!, 0.8);
  assertEquals([background.truePositives, background.falsePositives], [2, 1]);
});

Deno.test("evaluateCase() refuses to ignore a value that belongs to a label", () => {
  const run = () => evaluateCase(reference, prediction, { ...grid, labels, metrics, ignore: 2 });
  assertEquals(
    assertThrows(run, RangeError).message,
    'Cannot evaluate case "case" as the values of a label must not be \'ignore\': current value of "posterior" is [2]',
  );
});
