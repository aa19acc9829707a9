import { assertEquals, assertRejects } from "@std/assert";
import { evaluateCase, parseMetricSpecs, summarize } from "@mednext/metrics";
import { foregroundMeans, markdownTable, readReport, writeReport } from "./report_folder.ts";

const metrics = parseMetricSpecs(["dice", { nsd: { convention: "deepmind", tolerance: 1 } }]);
const labels = [{ name: "organ, left", values: [1] }, { name: "core", values: [2] }];
const shape: [number, number, number] = [1, 2, 3];
const spacing: [number, number, number] = [1, 1, 1];
const cases = [
  evaluateCase(Uint8Array.of(0, 1, 1, 0, 2, 2), Uint8Array.of(0, 1, 1, 0, 2, 2), {
    id: "a",
    shape,
    spacing,
    labels,
    metrics,
  }),
  evaluateCase(Uint8Array.of(0, 1, 1, 0, 0, 0), Uint8Array.of(0, 1, 0, 0, 0, 0), {
    id: "b",
    shape,
    spacing,
    labels,
    metrics,
  }),
];
const summary = summarize(cases);

Deno.test("markdownTable() has a row for each label and says how many cases a mean is made of", () => {
  assertEquals(
    markdownTable(summary),
    `| label         | dice (nnunet)   | nsd (deepmind, 1 mm) |
| ------------- | --------------- | -------------------- |
| organ, left   | 0.8333          | 1.0000               |
| core          | 1.0000 (1 of 2) | 1.0000 (1 of 2)      |
| mean, 2 cases | 0.9167          | 1.0000               |`,
  );
});

Deno.test("foregroundMeans() names a metric of a second convention by it", () => {
  const two = parseMetricSpecs([
    { nsd: { convention: "deepmind", tolerance: 1 } },
    { nsd: { convention: "medpy", tolerance: 1 } },
  ]);
  const mask = Uint8Array.of(0, 1, 1, 0, 2, 2);
  const both = evaluateCase(mask, mask, { id: "a", shape, spacing, labels, metrics: two });
  assertEquals(foregroundMeans(summarize([both])), { nsd: 1, nsd_medpy: 1 });
});

Deno.test("markdownTable() has intervals where there are any, and says what they are", () => {
  const bootstrap = { resamples: 200, seed: 1, confidence: 0.9 };
  assertEquals(
    markdownTable(summarize(cases, { bootstrap })),
    `| label         | dice (nnunet)           | nsd (deepmind, 1 mm)    |
| ------------- | ----------------------- | ----------------------- |
| organ, left   | 0.8333 [0.6667, 1.0000] | 1.0000 [1.0000, 1.0000] |
| core          | 1.0000 (1 of 2)         | 1.0000 (1 of 2)         |
| mean, 2 cases | 0.9167 [0.6667, 1.0000] | 1.0000 [1.0000, 1.0000] |

In brackets: 90 % percentile bootstrap intervals from 200 draws of the cases, seed 1.`,
  );
});

Deno.test("markdownTable() says nothing of intervals when one case has none", () => {
  const text = markdownTable(summarize(cases.slice(0, 1), { bootstrap: {} }));
  assertEquals(text, markdownTable(summarize(cases.slice(0, 1))));
});

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const files = (id: string) => ({ prediction: `${id}.nii.gz`, reference: `labelsTr/${id}.nii.gz` });

Deno.test("writeReport() writes the summary, the table and one line for each case and label", () =>
  inFolder(async (folder) => {
    const table = await writeReport(folder, { summary, cases, files });
    assertEquals(await Deno.readTextFile(`${folder}/table.md`), table + "\n");
    const written = JSON.parse(await Deno.readTextFile(`${folder}/summary.json`));
    assertEquals(written.mean, { dice: summary.foreground[0].value, nsd: 1 });
    assertEquals(
      await Deno.readTextFile(`${folder}/cases.csv`),
      `case,label,dice (nnunet),"nsd (deepmind, 1 mm)",reference ml,prediction ml,tp,fp,fn,tn
a,"organ, left",1,1,0.002,0.002,2,0,0,4
a,core,1,1,0.002,0.002,2,0,0,4
b,"organ, left",0.6666666666666666,1,0.002,0.001,1,0,1,4
b,core,NaN,NaN,0,0,0,0,0,6
`,
    );
    assertEquals((await readReport(folder)).cases, cases);
  }));

Deno.test("writeReport() writes nnU-Net's summary as nnU-Net does, NaN included", () =>
  inFolder(async (folder) => {
    await writeReport(folder, { summary, cases, files });
    const text = await Deno.readTextFile(`${folder}/nnunet_summary.json`);
    assertEquals(text.split("\n").slice(0, 6), [
      "{",
      '    "foreground_mean": {',
      '        "Dice": 0.9166666666666666,',
      '        "FN": 0.25,',
      '        "FP": 0,',
      '        "IoU": 0.875,',
    ]);
    // What Python's json.loads() makes of it.
    const read = JSON.parse(text.replaceAll(/: NaN\b/g, ": null"));
    assertEquals(Object.keys(read), ["foreground_mean", "mean", "metric_per_case"]);
    assertEquals(read.metric_per_case[1].metrics["2"].Dice, null);
    assertEquals(read.metric_per_case[1].metrics["1"].n_ref, 2);
    assertEquals(read.metric_per_case[1].reference_file, "labelsTr/b.nii.gz");
  }));

Deno.test("readReport() refuses what is no report", () =>
  inFolder(async (folder) => {
    const path = `${folder}/summary.json`;
    await Deno.writeTextFile(path, JSON.stringify({ format: 1, cases: [{ id: "a", labels: [] }] }));
    const error = await assertRejects(() => readReport(folder), SyntaxError);
    assertEquals(
      error.message,
      `Cannot read a report from '${path}': cases[0].labels: must be a list of at least 1 item: ` +
        `current value is []`,
    );
  }));
