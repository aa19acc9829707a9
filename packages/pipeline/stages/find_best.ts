/**
 * The built-in stage `find_best`: which configuration or ensemble wins on cross-validation.
 * @module
 */
import { type BestContent, writeBest } from "../artifacts/best_folder.ts";
import type { Stage } from "../stage.ts";
import { bootstrapParam } from "./params/bootstrap_param.ts";
import { bestOf, measure, type NamedCandidate, pairsOf } from "./find_best/candidates.ts";
import { checkNames, namesParam, readNamedReports } from "./named_reports.ts";

interface Params {
  names: string[];
  ensembles?: string[][];
  bootstrap: { resamples: number; confidence: number };
}
const WHAT = "find the best configuration";

type Inputs = { reports: "report[]"; ensembles: "report[]" };
type Outputs = { best: "best" };

const findBest: Stage<Params, Inputs, Outputs, "ensembles"> = {
  revision: 1,
  module: import.meta.url,
  description: "Chooses the configuration, or the ensemble of several, with the best mean Dice",
  inputs: { reports: "report[]", ensembles: "report[]" },
  optional: ["ensembles"],
  outputs: { best: "best" },
  params: {
    type: "object",
    additionalProperties: false,
    required: ["names"],
    properties: {
      names: { ...namesParam, minItems: 1 },
      ensembles: {
        type: "array",
        items: { type: "array", minItems: 2, uniqueItems: true, items: { type: "string" } },
        uniqueItems: true,
        description:
          "The configurations that each ensemble is made of, in the order of its list; " +
          "every pair in the order of the names if left out",
      },
      bootstrap: bootstrapParam,
    },
  },
  seeded: true,
  check: ({ names, ensembles }, inputs) => {
    checkMembers(names, ensembles ?? []);
    checkNames(names, { count: inputs.get("reports") ?? 0, what: WHAT });
    const pairs = namesOf(ensembles ?? pairsOf(names));
    const count = inputs.get("ensembles");
    if (count !== undefined) checkNames(pairs, { count, what: WHAT });
  },
  async run({ params, in: inputs, out, seed, log, summarize }) {
    const { names } = params;
    const bootstrap = { ...params.bootstrap, seed };
    const what = WHAT;
    const singles = await readNamedReports(inputs.reports, { names, what });
    const members = inputs.ensembles === undefined ? [] : params.ensembles ?? pairsOf(names);
    const ensembles = await readNamedReports(inputs.ensembles ?? [], {
      names: namesOf(members),
      what,
    });
    const named: NamedCandidate[] = [
      ...singles.map((report) => ({ ...report, members: [report.name] })),
      ...ensembles.map((report, i) => ({ ...report, members: members[i] })),
    ];
    const candidates = measure(named, bootstrap);
    const cases = named[0].cases.length;
    const best = bestOf(candidates);
    const content: BestContent = { best, candidates, cases, bootstrap };
    for (const line of (await writeBest(out.best, content)).split("\n")) log(line);
    log(`Best: ${best.name}`);
    summarize({ dice: best.dice.value! });
  },
};

export default findBest;

/** What ensembles are called. */
function namesOf(members: readonly string[][]): string[] {
  return members.map((list) => list.join(" + "));
}

function checkMembers(names: readonly string[], ensembles: readonly string[][]): void {
  const unknown = ensembles.flat().filter((name) => !names.includes(name));
  if (unknown.length === 0) return;
  throw new RangeError(
    `Cannot ${WHAT}: expected ensembles of ${names.join(", ")}, found ` +
      [...new Set(unknown)].join(", "),
  );
}
