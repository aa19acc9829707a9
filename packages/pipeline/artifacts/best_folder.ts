/**
 * The `best` artifact: which configuration or ensemble wins on cross-validation.
 *
 *     best.json     the winner and every candidate
 *     best.md       the same as a table, and how to predict with the winner
 *
 * @module
 */
import type { BootstrapOptions, MetricMean } from "@mednext/metrics";
import { join } from "@std/path";
import { writeJson } from "./json_file.ts";
import { intervalText, meanText } from "./metric_text.ts";
import { markdown } from "./table.ts";

/** A configuration, or an ensemble of several, with its Dice. */
export interface RankedCandidate {
  /** Its name: that of a configuration, or those of an ensemble's members with ` + ` between. */
  name: string;
  /** The configurations that it is made of. */
  members: string[];
  /** Mean Dice over the labels' means. */
  dice: MetricMean;
  /** The mean Dice of each label or region. */
  labels: { name: string; dice: MetricMean }[];
}

/** What is written. */
export interface BestContent {
  /** The winner, one of the candidates. */
  best: RankedCandidate;
  /** Every candidate, in the order in which they were given. */
  candidates: RankedCandidate[];
  /** How many cases they were measured on. */
  cases: number;
  /** How the intervals were made. */
  bootstrap: Required<BootstrapOptions>;
}

/** Writes the choice; returns its table. */
export async function writeBest(folder: string, content: BestContent): Promise<string> {
  const { best, candidates, cases, bootstrap } = content;
  await Deno.mkdir(folder);
  await writeJson(join(folder, "best.json"), {
    format: 1,
    best: best.name,
    members: best.members,
    dice: best.dice.value,
    cases,
    bootstrap,
    candidates,
  });
  const table = candidateTable(content);
  const text = [
    `# ${best.name}`,
    `The ${best.members.length > 1 ? "ensemble" : "configuration"} with the largest mean Dice of ` +
    `${cases} cross-validated cases.`,
    table,
    intervalText(bootstrap),
    "## Predict with it",
    howToPredict(best.members),
  ].join("\n\n");
  await Deno.writeTextFile(join(folder, "best.md"), text + "\n");
  return table;
}

function candidateTable({ best, candidates }: BestContent): string {
  const header = ["", "configuration", "mean Dice", ...best.labels.map(({ name }) => name)];
  return markdown(
    header,
    candidates.map((candidate) => [
      candidate === best ? "best" : "",
      candidate.name,
      meanText(candidate.dice),
      ...candidate.labels.map(({ dice }) => meanText(dice)),
    ]),
  );
}

/** What to add to the pipeline. */
function howToPredict(members: readonly string[]): string {
  const slug = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_");
  const several = members.length > 1;
  const stages = members.flatMap((name) => [
    `infer_new_${slug(name)}:`,
    "  uses: infer",
    "  in:",
    "    volumes: preprocess_new.volumes",
    `    model: { from: train_${slug(name)}.model, gather: [fold] }`,
    `  with: { subset: test${several ? ", probabilities: true" : ""} }`,
  ]);
  const infers = members.map((name) => `infer_new_${slug(name)}`);
  const ensemble = several
    ? [
      "ensemble_new:",
      "  uses: ensemble",
      "  in:",
      "    dataset: sources.raw",
      `    masks: [${infers.map((stage) => `${stage}.masks`).join(", ")}]`,
    ]
    : [];
  const last = several ? "ensemble_new" : infers[0];
  return [
    "Put this beside the stages of the pipeline. `preprocess_new` stands for the one that preprocesses " +
    `the new images, ${
      members.map((name) => `\`train_${slug(name)}\``).join(" and ")
    } for what has trained ${members.join(" and ")} on every fold:`,
    ["```yaml", "stages:", ...[...stages, ...ensemble].map((line) => `  ${line}`), "```"].join(
      "\n",
    ),
    `A post-processing that was learned on the masks of ${
      members.join(" + ")
    } is one more input of ` +
    `\`${last}\`: \`postprocessing: postprocess.postprocessing\`.`,
    "Without a pipeline, `predict` takes the same models, `--model` once for each fold" +
    `${several ? " of each configuration if they were preprocessed alike" : ""}, and ` +
    "`--postprocessing`.",
  ].join("\n\n");
}
