import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { evaluateCase } from "./evaluate_case.ts";
import { nnunetSummary } from "./nnunet_summary.ts";
import { parseMetricSpecs } from "./parse_metric_specs.ts";
import expected from "./testdata/statistics.json" with { type: "json" };

const files = (id: string) => ({ prediction: `${id}.nii.gz`, reference: `labelsTr/${id}.nii.gz` });

/** nnU-Net's numbers; `null` stands for `NaN`. */
type Numbers = Record<string, number | null>;
interface Truth {
  foreground_mean: Numbers;
  mean: Record<string, Numbers>;
  metric_per_case: { metrics: Record<string, Numbers> }[];
}

/** Compares numbers up to the order of sums. */
function assertSame(found: Record<string, number>, truth: Numbers): void {
  assertEquals(Object.keys(found).toSorted(), Object.keys(truth).toSorted());
  for (const [name, value] of Object.entries(truth)) {
    assertAlmostEquals(found[name], value ?? NaN, 1e-13, name);
  }
}

for (const { labels, ignore, cases, summary } of expected.nnunet) {
  const name = `${JSON.stringify(labels)}${ignore === null ? "" : `, ignoring ${ignore}`}`;
  Deno.test(`nnunetSummary() equals nnU-Net's for ${name}`, () => {
    const evaluations = cases.map(([reference, prediction], i) =>
      evaluateCase(Uint8Array.from(reference), Uint8Array.from(prediction), {
        id: `case_${i}`,
        shape: [2, 3, 4],
        spacing: [1, 1, 1],
        labels: labels.map((label) => ({ name: `${label}`, values: [label].flat() })),
        metrics: parseMetricSpecs(["dice"]),
        ...(ignore === null ? {} : { ignore }),
      })
    );
    const found = nnunetSummary(evaluations, { files });
    const truth = summary as unknown as Truth;
    assertSame(found.foreground_mean, truth.foreground_mean);
    assertEquals(Object.keys(found.mean).toSorted(), Object.keys(truth.mean).toSorted());
    for (const [key, mean] of Object.entries(truth.mean)) assertSame(found.mean[key], mean);
    // What evaluateCase() calls Dice is the same number.
    evaluations.forEach((evaluation, i) => {
      const { metrics } = found.metric_per_case[i];
      assertEquals(
        evaluation.labels.map(({ metrics: [dice] }) => dice.value ?? NaN),
        evaluation.labels.map(({ values }) =>
          metrics[values.length === 1 ? `${values}` : `(${values.join(", ")})`].Dice
        ),
      );
    });
    found.metric_per_case.forEach(({ metrics, prediction_file, reference_file }, i) => {
      assertEquals(prediction_file, `case_${i}.nii.gz`);
      assertEquals(reference_file, `labelsTr/case_${i}.nii.gz`);
      const records = Object.entries(truth.metric_per_case[i].metrics);
      for (const [key, record] of records) assertSame(metrics[key], record);
    });
  });
}

Deno.test("nnunetSummary() refuses no cases at all", () => {
  assertEquals(
    assertThrows(() => nnunetSummary([], { files }), RangeError).message,
    "Cannot write nnU-Net's summary as there must be at least one case: found none",
  );
});
