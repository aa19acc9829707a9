/** A small report for tests of the stages that read some. */
import { evaluateCase, parseMetricSpecs, summarize } from "@mednext/metrics";
import { writeReport } from "../artifacts/report_folder.ts";

const files = (id: string) => ({ prediction: id, reference: id });
const metrics = parseMetricSpecs(["dice", { hd95: { convention: "deepmind" } }]);

/** Writes a report of cases in which so many of ten voxels of "left, a" are found, and all of "right". */
export async function writeTestReport(folder: string, found: number[], skip = 0): Promise<string> {
  const reference = new Uint8Array(24).fill(1, 1, 11).fill(2, 13, 19);
  const cases = found.map((count, i) => {
    const prediction = new Uint8Array(24).fill(1, 1, 1 + count).fill(2, 13, 19);
    return evaluateCase(reference, prediction, {
      id: `case_${i + skip}`,
      shape: [1, 1, 24],
      spacing: [1, 1, 1],
      labels: [{ name: "left, a", values: [1] }, { name: "right", values: [2] }],
      metrics,
    });
  });
  await Deno.mkdir(folder);
  await writeReport(folder, { summary: summarize(cases), cases, files });
  return folder;
}
