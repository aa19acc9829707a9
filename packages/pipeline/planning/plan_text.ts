/**
 * A plan in words: `plan.md`, and the lines of the log.
 * @module
 */
import type { DatasetFingerprint, LabelName, Plan, PlanChoice, PlanReasons } from "@mednext/data";
import { planSchema } from "../artifacts/plan_schema.ts";
import type { JsonSchema } from "../stage.ts";
import type { NetworkNeeds } from "./network_needs.ts";

/** What is told of a plan. */
export interface PlanText {
  plan: Plan;
  reasons: PlanReasons;
  fingerprint: DatasetFingerprint;
  /** The labels of the data set. */
  labels: LabelName[];
  /** What the memory was estimated for, such as `MedNeXt S, kernel 3, 32 channels`. */
  network: string;
  needs: NetworkNeeds[];
}

/** The explanation as Markdown. It holds nothing that a second run would find otherwise. */
export function planMarkdown(text: PlanText): string {
  return [
    `# Plan for ${text.plan.dataset}`,
    introduction(text),
    "## Choices",
    choices(text),
    "## Data",
    data(text),
    "## What networks need",
    networks(text),
    "## The file",
    file(),
  ].join("\n\n") + "\n";
}

/** What the log shows: the batch, whether it fits, and what each network would need. */
export function planLines(
  { plan, fingerprint, network, needs }: PlanText,
  { backend, speeds }: { backend: string; speeds?: ReadonlyMap<number, number> },
): string[] {
  const { budgetBytes, estimatedBytes } = plan.memory;
  const batch = batchOf(plan);
  const warning = `warning: ${network} needs ${gib(estimatedBytes)} for that, the budget is ${
    gib(budgetBytes)
  }`;
  const isEmpty = Object.values(fingerprint.class_voxels).flat().every((voxels) => voxels === 0);
  return [
    ...(isEmpty ? ["warning: no case holds any label but the background"] : []),
    `${batch} at ${times(plan.spacing)} mm; plan.md says why`,
    ...(estimatedBytes > budgetBytes ? [warning] : []),
    `a training step on ${batch}, estimated for the ${backend} backend:`,
    ...needs.map(({ size, kernelSize, bytes, flops }) => {
      const speed = speeds?.get(kernelSize);
      const seconds = speed === undefined ? "" : `, about ${showSeconds(flops / speed)}`;
      const fits = bytes <= budgetBytes ? "" : " (does not fit)";
      return `  ${size} with kernel ${kernelSize}: ${gib(bytes)}${fits}${seconds}`;
    }),
  ];
}

function batchOf({ batchSize, patchSize }: Pick<Plan, "batchSize" | "patchSize">): string {
  return `${batchSize} patch${batchSize === 1 ? "" : "es"} of ${times(patchSize)} voxels`;
}

const times = (values: readonly number[]) =>
  values.map((n) => Number(n.toPrecision(6))).join(" x ");
const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(2)} GiB`;
const table = (rows: string[][]) => rows.map((row) => `| ${row.join(" | ")} |`).join("\n");

/** Two digits: more would say more than an estimate knows. */
function showSeconds(seconds: number): string {
  return `${Number(seconds.toPrecision(2))} s`;
}

function introduction({ plan, fingerprint, network }: PlanText): string {
  const cases = fingerprint.case_ids.length;
  return `Made by the preset \`${plan.preset}\` from ${cases} cases with labels, for ${network} and ${
    gib(plan.memory.budgetBytes)
  } of memory. Axes are those of the preprocessed arrays unless a sentence says otherwise; D, H, W are z, y, x ` +
    "of the images in their closest RAS orientation. What was found in the cases stands in `dataset_fingerprint.json`.";
}

function choices({ plan, reasons }: PlanText): string {
  const values: Record<PlanChoice, string> = {
    spacing: `${times(plan.spacing)} mm`,
    transpose: plan.transpose.map((axis) => "DHW"[axis]).join(", "),
    order: plan.order,
    normalization: plan.normalization.map(({ scheme }) => scheme).join(", "),
    patchSize: `${times(plan.patchSize)} voxels`,
    batchSize: String(plan.batchSize),
    batchDice: plan.batchDice ? "yes" : "no",
  };
  return Object.entries(values)
    .map(([choice, value]) => `- **${choice}**: ${value}. Why: ${reasons[choice as PlanChoice]}.`)
    .join("\n");
}

function data({ fingerprint, labels }: PlanText): string {
  const { class_voxels: voxels, case_ids: ids } = fingerprint;
  const rows = labels.slice(1).map(({ name, value }) => {
    const present = voxels[value].filter((count) => count > 0).sort((a, b) => a - b);
    const middle = present[Math.floor((present.length - 1) / 2)];
    return [name, String(value), `${present.length} of ${ids.length}`, String(middle ?? "")];
  });
  return `Voxels are those of the images as they are; the median is that of the cases that have the label.\n\n${
    table([
      ["label", "value", "in cases", "voxels (median)"],
      ["---", "---", "---", "---"],
      ...rows,
    ])
  }`;
}

function networks({ plan, needs }: PlanText): string {
  const rows = needs.map(({ size, kernelSize, bytes, flops, own }) => [
    size,
    String(kernelSize),
    gib(bytes),
    bytes <= plan.memory.budgetBytes ? "yes" : "no",
    String(Number((flops / 1e9).toPrecision(3))),
    own === undefined ? "does not fit" : batchOf(own),
  ]);
  return `A training step on ${batchOf(plan)}, as estimated for the memory of the wasm ` +
    `backend (at most 15 % too much), and the arithmetic of its convolutions. Seconds belong to a machine and a moment; ` +
    `the log of the run shows them.\n\n${
      table([
        ["size", "kernel", "memory", "fits", "GFLOP", "would be planned with"],
        ["---", "---", "---", "---", "---", "---"],
        ...rows,
      ])
    }`;
}

function file(): string {
  const entries = Object.entries<JsonSchema>(planSchema.properties);
  const rows = entries.map(([key, { description }]) => [`\`${key}\``, String(description)]);
  return "`plan.json` may be edited and given to other pipelines as a source, with or without the files beside it. It is " +
    `checked when it is read.\n\n${table([["key", "meaning"], ["---", "---"], ...rows])}`;
}
