import { parameterCount, resolveConfig } from "@mednext/mednext";
import type { ModelDescription } from "./model_description.ts";

/** The numbers that `train` writes, in words. */
const METRICS: ReadonlyMap<string, string> = new Map([
  ["validationLoss", "Loss on validation patches"],
  ["pseudoDice", "Dice on validation patches"],
  ["pseudoDiceAverage", "its moving average"],
]);

/**
 * A model for people: what `model.json` says, as Markdown. Names come from data sets and may hold anything, so
 * they stand on one line each.
 */
export function modelCard(description: Omit<ModelDescription, "format">): string {
  const { training, patchSize, plan } = description;
  const config = resolveConfig(description.network);
  const normalization = plan.normalization.map(({ scheme }) => scheme);
  const rows: [string, string][] = [
    [
      "Network",
      `MedNeXt ${config.size}, kernel ${kernels(config)}, ${config.baseChannels} channels`,
    ],
    ["Parameters", parameterCount(description.network).toLocaleString("en")],
    ["Data set", `${training.dataset}, fold ${training.fold}`],
    [
      "Channels",
      description.channelNames.map((name, i) => `${name} (${normalization[i]})`).join(", "),
    ],
    ["Spacing (D, H, W)", plan.spacing ? `${plan.spacing.join(" x ")} mm` : "each image's own"],
    ["Patch (D, H, W)", `${patchSize.join(" x ")} voxels`],
    ...(description.mirrorAxes
      ? [["Mirrored along", axes(description.mirrorAxes)] as [string, string]]
      : []),
    ...Object.entries(description.metrics ?? {})
      .map(([name, value]): [string, string] => [METRICS.get(name) ?? name, value.toPrecision(4)]),
  ];
  return `# ${oneLine(training.dataset)}

A model for the segmentation of 3-D medical images, made with MedNeXt on Deno. Not a medical device.

${table(["", ""], rows)}

${outputs(description)}

To segment images with it, from the folder that this folder lies in:

    deno run -A jsr:@mednext/pipeline predict --model FOLDER --output masks IMAGES

\`model.json\` says all of this and how images are preprocessed; \`weights.safetensors\` holds the weights.
`;
}

function outputs(
  { labels, regions, regionsClassOrder, ignoreLabel }: Omit<ModelDescription, "format">,
) {
  const ignored = ignoreLabel === undefined
    ? ""
    : `\n\nVoxels of the value ${ignoreLabel} were ignored in the training.`;
  if (regions === undefined) {
    return table(["value", "label"], labels.map(({ name, value }) => [String(value), name])) +
      ignored;
  }
  const rows = regions.map(({ name, values }, i) => [
    String(regionsClassOrder![i]),
    name,
    values.join(", "),
  ]);
  return table(["value", "region, painted in this order", "labels in it"], rows) + ignored;
}

function kernels(
  { encoderKernelSize, decoderKernelSize }: ReturnType<typeof resolveConfig>,
): string {
  return encoderKernelSize === decoderKernelSize
    ? String(encoderKernelSize)
    : `${encoderKernelSize} and ${decoderKernelSize}`;
}

function axes(list: readonly number[]): string {
  return list.map((axis) => "DHW"[axis]).join(", ") || "no axis";
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map(oneLine).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll("|", "\\|");
}
