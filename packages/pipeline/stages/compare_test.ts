import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { stageConformance } from "../stage_conformance.ts";
import { COMPUTE, runStage } from "../testdata/dataset.ts";
import { writeTestReport } from "../testdata/report.ts";
import compare from "./compare.ts";

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "compare_test_" });
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const params = { names: ["k3", "k5"], bootstrap: { resamples: 200, confidence: 0.95 } };

Deno.test("compare writes the differences as Markdown, CSV and JSON", () =>
  inFolder(async (folder) => {
    const k3 = await writeTestReport(join(folder, "k3"), [4, 5, 6, 7, 8, 0, 9]);
    const k5 = await writeTestReport(join(folder, "k5"), [5, 7, 7, 8, 9, 6, 10]);
    const inputs = { reports: [k3, k5] };
    const { comparison } = await runStage(compare, { folder, params, inputs });
    assertEquals(
      await Deno.readTextFile(join(comparison, "comparison.md")),
      `| label   | metric          | k3       | k5     | difference               | cases | p      | p (Holm) |
| ------- | --------------- | -------- | ------ | ------------------------ | ----- | ------ | -------- |
| left, a | dice (nnunet)   | 0.6640   | 0.8429 | +0.1789 [0.0652, 0.3713] | 7     | 0.0156 | 0.0938   |
| left, a | hd95 (deepmind) | Infinity | 1.7143 | -Infinity                | 7     | 0.0313 | 0.1250   |
| right   | dice (nnunet)   | 1.0000   | 1.0000 | 0.0000 [0.0000, 0.0000]  | 7     | 1.0000 | 1.0000   |
| right   | hd95 (deepmind) | 0.0000   | 0.0000 | 0.0000 [0.0000, 0.0000]  | 7     | 1.0000 | 1.0000   |
| mean    | dice (nnunet)   | 0.8320   | 0.9214 | +0.0894 [0.0326, 0.1857] | 7     | 0.0156 | 0.0938   |
| mean    | hd95 (deepmind) | Infinity | 0.8571 | -Infinity                | 7     | 0.0313 | 0.1250   |

Difference: second minus first, mean over 7 cases. In brackets: 95 % percentile bootstrap intervals from 200 draws of the cases, seed 5.

p: Wilcoxon's signed-rank test, two-sided. p (Holm): corrected for the 6 tests here; * marks those below 0.05.
`,
    );
    const csv = (await Deno.readTextFile(join(comparison, "comparison.csv"))).split("\n");
    assertEquals(csv.length, 8);
    assertEquals(
      csv[0],
      "first,second,label,metric,convention,tolerance,percentile,first mean,second mean,difference," +
        "low,high,used,of,statistic,method,p,p holm",
    );
    assertEquals(
      csv[2],
      'k3,k5,"left, a",hd95,deepmind,,95,Infinity,1.7142857142857142,-Infinity,,,7,7,0,exact,' +
        "0.03125,0.125",
    );
    const { rows, runs } = JSON.parse(await Deno.readTextFile(join(comparison, "comparison.json")));
    assertEquals([runs, rows.length], [["k3", "k5"], 6]);
  }));

Deno.test("compare refuses reports without a name each, other cases, and what is no report", () =>
  inFolder(async (folder) => {
    const k3 = await writeTestReport(join(folder, "k3"), [4, 5]);
    const k5 = await writeTestReport(join(folder, "k5"), [5, 7], 1);
    const refusal = async (reports: string[]) =>
      (await assertRejects(() => runStage(compare, { folder, params, inputs: { reports } }), Error))
        .message;
    assertEquals(
      await refusal([k3]),
      "Cannot compare runs: expected a name for each of 1 reports, found k3, k5",
    );
    assertEquals(
      await refusal([k3, k5]),
      'Cannot compare runs as all must have the same cases: only "k3" has "case_0", only "k5" has ' +
        '"case_2"',
    );
    await Deno.writeTextFile(join(k5, "summary.json"), `{ "format": 2 }`);
    assertEquals(
      await refusal([k3, k5]),
      `Cannot read a report from '${join(k5, "summary.json")}': expected format 1, found 2`,
    );
  }));

Deno.test("compare refuses too few names before anything runs", () => {
  const check = () => compare.check!(params, new Map([["reports", 3]]));
  assertEquals(
    assertThrows(check, RangeError).message,
    "Cannot compare runs: expected a name for each of 3 reports, found k3, k5",
  );
});

Deno.test("compare keeps its contract: same bytes again", () =>
  inFolder(async (folder) => {
    const reports = [
      await writeTestReport(join(folder, "a"), [4, 5]),
      await writeTestReport(join(folder, "b"), [1, 2]),
    ];
    await stageConformance(compare, {
      in: { reports },
      params: { names: ["a", "b"] },
      compute: COMPUTE,
    });
  }));
