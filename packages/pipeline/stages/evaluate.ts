/**
 * The built-in stage `evaluate`: from masks and labels to a report.
 * @module
 */
import {
  type Dataset,
  readDataset,
  readVolume,
  sameGrid,
  toCanonical,
  type Volume,
} from "@mednext/data";
import {
  type CaseEvaluation,
  evaluateCase,
  type LabelDefinition,
  type MetricSpec,
  parseMetricSpecs,
  summarize,
} from "@mednext/metrics";
import { join } from "@std/path";
import { maskPath, readMasksManifest } from "../artifacts/masks_folder.ts";
import { renderPicture } from "../artifacts/picture.ts";
import { foregroundMeans, writeReport } from "../artifacts/report_folder.ts";
import type { Stage } from "../stage.ts";

interface Params {
  metrics: unknown[];
  pictures: boolean;
}
type Inputs = { dataset: "dataset"; masks: "masks[]" };
type Outputs = { report: "report" };

const evaluate: Stage<Params, Inputs, Outputs> = {
  revision: 1,
  module: import.meta.url,
  description: "Compares masks with the labels of the data set, in the images' own grids",
  inputs: { dataset: "dataset", masks: "masks[]" },
  outputs: { report: "report" },
  params: {
    type: "object",
    additionalProperties: false,
    properties: {
      metrics: {
        type: "array",
        minItems: 1,
        default: ["dice", { nsd: { convention: "deepmind", tolerance: 1 } }],
        description:
          "Metrics with their conventions, such as { nsd: { convention: deepmind, tolerance: 1 } }",
      },
      pictures: { type: "boolean", default: true, description: "Draw a picture of each case" },
    },
  },
  check: ({ metrics }) => void parseMetricSpecs(metrics),
  async run({ params, in: inputs, out, signal, progress, log, summarize: show }) {
    const metrics = parseMetricSpecs(params.metrics);
    const dataset = await readDataset(inputs.dataset);
    const labels = dataset.labels.filter(({ value }) => value !== 0)
      .map(({ name, value }) => ({ name, values: [value] }));
    const masks = await listMasks(inputs.masks);
    await Deno.mkdir(join(out.report, "pictures"), { recursive: true });
    const cases: CaseEvaluation[] = [];
    for (const { id, path } of masks) {
      signal.throwIfAborted();
      progress({ done: cases.length, total: masks.length, unit: "cases", message: id });
      const volumes = await readCaseVolumes(dataset, { id, path });
      cases.push(compare(id, volumes, { labels, metrics }));
      if (params.pictures) {
        await Deno.writeFile(join(out.report, "pictures", `${id}.png`), draw(volumes));
      }
    }
    progress({ done: cases.length, total: masks.length, unit: "cases" });
    const summary = summarize(cases);
    const table = await writeReport(out.report, { summary, cases });
    for (const line of table.split("\n")) log(line);
    show(finite(foregroundMeans(summary)));
  },
};

export default evaluate;

interface MaskFile {
  id: string;
  path: string;
}

/** Every mask that the manifests promise; a file that is missing is found when it is read. */
async function listMasks(folders: readonly string[]): Promise<MaskFile[]> {
  const lists = await Promise.all(folders.map(async (folder) => {
    const { cases } = await readMasksManifest(folder);
    return cases.map((id) => ({ id, path: maskPath(folder, id) }));
  }));
  return lists.flat();
}

interface CaseFiles {
  image: Volume;
  truth: Volume;
  mask: Volume;
}

async function readCaseVolumes(dataset: Dataset, { id, path }: MaskFile): Promise<CaseFiles> {
  const entry = dataset.training.find((candidate) => candidate.id === id);
  if (!entry) {
    throw new RangeError(
      `Cannot evaluate case ${id}: the data set ${dataset.name} has no label for it`,
    );
  }
  const [image, truth, mask] = await Promise.all(
    [entry.images[0], entry.label, path].map((file) => readVolume(file)),
  );
  const differences = sameGrid(truth, mask);
  if (differences.length > 0) {
    throw new RangeError(
      `Cannot evaluate case ${id}: expected mask and label on one grid, found ${
        differences.join("; ")
      }`,
    );
  }
  return { image, truth, mask };
}

function compare(
  id: string,
  { truth, mask }: CaseFiles,
  { labels, metrics }: { labels: LabelDefinition[]; metrics: MetricSpec[] },
): CaseEvaluation {
  const { shape, spacing } = truth;
  return evaluateCase(truth.data, mask.data, { id, shape, spacing, labels, metrics });
}

function draw(files: CaseFiles): Uint8Array {
  const { volume: image } = toCanonical(firstChannel(files.image));
  const truth = toCanonical(files.truth).volume.data;
  const mask = toCanonical(files.mask).volume.data;
  return renderPicture({ image: image.data, truth, mask }, image);
}

function firstChannel(volume: Volume): Volume {
  if (volume.channels === 1) return volume;
  const data = Float32Array.from(
    { length: volume.data.length / volume.channels },
    (_, voxel) => volume.data[voxel * volume.channels],
  );
  return { ...volume, data, channels: 1 };
}

function finite(values: Record<string, number | null>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, number] => entry[1] !== null),
  );
}
