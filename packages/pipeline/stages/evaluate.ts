/**
 * The built-in stage `evaluate`: from masks and labels to a report.
 * @module
 */
import { type Dataset, readDataset, readVolume, toCanonical, type Volume } from "@mednext/data";
import {
  type CaseEvaluation,
  evaluateCase,
  type MetricSpec,
  parseMetricSpecs,
  summarize,
} from "@mednext/metrics";
import { join } from "@std/path";
import {
  type CasePair,
  evaluatedLabels,
  fileNames,
  readCasePair,
  referenceOf,
} from "../artifacts/case_pair.ts";
import { listMaskFiles, type MaskFile } from "../artifacts/mask_files.ts";
import { renderPicture } from "../artifacts/picture.ts";
import { foregroundMeans, writeReport } from "../artifacts/report_folder.ts";
import type { Stage } from "../stage.ts";
import { bootstrapParam } from "./params/bootstrap_param.ts";
import { checkFolds, foldsParam } from "./params/folds_param.ts";

interface Params {
  metrics: unknown[];
  folds?: number[];
  bootstrap: { resamples: number; confidence: number };
  pictures: boolean;
}
type Inputs = { dataset: "dataset"; masks: "masks[]"; splits: "splits" };
type Outputs = { report: "report" };

const evaluate: Stage<Params, Inputs, Outputs, "splits"> = {
  revision: 2,
  module: import.meta.url,
  description: "Compares masks with the labels of the data set, in the images' own grids",
  inputs: { dataset: "dataset", masks: "masks[]", splits: "splits" },
  optional: ["splits"],
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
      folds: foldsParam,
      bootstrap: bootstrapParam,
      pictures: { type: "boolean", default: true, description: "Draw a picture of each case" },
    },
  },
  seeded: true,
  check({ metrics, folds }, inputs) {
    parseMetricSpecs(metrics);
    checkFolds(folds, inputs);
  },
  async run({ params, in: inputs, out, seed, signal, progress, log, summarize: show }) {
    const metrics = parseMetricSpecs(params.metrics);
    const dataset = await readDataset(inputs.dataset);
    const { folds } = params;
    const masks = await listMaskFiles(inputs.masks, { splits: inputs.splits, folds });
    await Deno.mkdir(join(out.report, "pictures"), { recursive: true });
    const cases: CaseEvaluation[] = [];
    for (const mask of masks) {
      signal.throwIfAborted();
      progress({ done: cases.length, total: masks.length, unit: "cases", message: mask.id });
      const pair = await readCasePair(dataset, mask);
      cases.push(compare(pair, { mask, dataset, metrics }));
      if (params.pictures) {
        const path = join(out.report, "pictures", `${mask.id}.png`);
        await Deno.writeFile(path, await draw(pair, dataset, mask.id));
      }
    }
    progress({ done: cases.length, total: masks.length, unit: "cases" });
    const summary = summarize(cases, { bootstrap: { ...params.bootstrap, seed } });
    const files = (id: string) => fileNames(dataset, { id, folder: inputs.dataset });
    const table = await writeReport(out.report, { summary, cases, files });
    for (const line of table.split("\n")) log(line);
    show(finite(foregroundMeans(summary)));
  },
};

export default evaluate;

function compare(
  { truth, mask }: CasePair,
  { mask: { id }, dataset, metrics }: { mask: MaskFile; dataset: Dataset; metrics: MetricSpec[] },
): CaseEvaluation {
  const { shape, spacing } = truth;
  return evaluateCase(truth.data, mask.data, {
    id,
    shape,
    spacing,
    labels: evaluatedLabels(dataset),
    metrics,
    ignore: dataset.ignoreLabel,
  });
}

async function draw({ truth, mask }: CasePair, dataset: Dataset, id: string): Promise<Uint8Array> {
  const [file] = referenceOf(dataset, id).images;
  const { volume: image } = toCanonical(firstChannel(await readVolume(file)));
  const layers = {
    image: image.data,
    truth: toCanonical(truth).volume.data,
    mask: toCanonical(mask).volume.data,
  };
  return renderPicture(layers, image);
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
