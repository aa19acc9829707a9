/**
 * The built-in stage `compare`: from reports of several runs to their differences, case by case.
 * @module
 */
import { compareRuns } from "@mednext/metrics";
import { writeComparison } from "../artifacts/comparison_folder.ts";
import type { Stage } from "../stage.ts";
import { bootstrapParam } from "./params/bootstrap_param.ts";
import { checkNames, namesParam, readNamedReports } from "./named_reports.ts";

interface Params {
  names: string[];
  bootstrap: { resamples: number; confidence: number };
}
const WHAT = "compare runs";

type Inputs = { reports: "report[]" };
type Outputs = { comparison: "comparison" };

const compare: Stage<Params, Inputs, Outputs> = {
  revision: 1,
  module: import.meta.url,
  description: "Compares runs on the same cases: paired differences with intervals and tests",
  inputs: { reports: "report[]" },
  outputs: { comparison: "comparison" },
  params: {
    type: "object",
    additionalProperties: false,
    required: ["names"],
    properties: { names: { ...namesParam, minItems: 2 }, bootstrap: bootstrapParam },
  },
  seeded: true,
  check: ({ names }, inputs) =>
    checkNames(names, { count: inputs.get("reports") ?? 0, what: WHAT }),
  async run({ params, in: inputs, out, seed, log }) {
    const { names, bootstrap } = params;
    const runs = await readNamedReports(inputs.reports, { names, what: WHAT });
    const comparison = compareRuns(runs, { bootstrap: { ...bootstrap, seed } });
    const text = await writeComparison(out.comparison, comparison);
    for (const line of text.split("\n")) log(line);
  },
};

export default compare;
