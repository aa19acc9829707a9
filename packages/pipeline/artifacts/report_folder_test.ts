import { assertEquals } from "@std/assert";
import { evaluateCase, parseMetricSpecs, summarize } from "@mednext/metrics";
import { foregroundMeans, markdownTable, writeReport } from "./report_folder.ts";

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

Deno.test("writeReport() writes the summary, the table and one line for each case and label", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const table = await writeReport(folder, { summary, cases });
    assertEquals(await Deno.readTextFile(`${folder}/table.md`), table + "\n");
    const written = JSON.parse(await Deno.readTextFile(`${folder}/summary.json`));
    assertEquals(written.mean, { dice: summary.foreground[0].value, nsd: 1 });
    assertEquals(written.cases.length, 2);
    assertEquals(
      await Deno.readTextFile(`${folder}/cases.csv`),
      `case,label,dice (nnunet),"nsd (deepmind, 1 mm)",reference ml,prediction ml
a,"organ, left",1,1,0.002,0.002
a,core,1,1,0.002,0.002
b,"organ, left",0.6666666666666666,1,0.002,0.001
b,core,NaN,NaN,0,0
`,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
