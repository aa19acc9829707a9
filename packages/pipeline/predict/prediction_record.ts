import type { PostprocessingStep } from "@mednext/segment";
import { join } from "@std/path";
import { readJson, writeJson } from "../artifacts/json_file.ts";
import { digestFile } from "../run/digest.ts";
import { exists } from "../run/file_system.ts";
import { noCache } from "../run/stat_cache.ts";
import { firstDifference } from "../run/why.ts";
import type { Ensemble } from "./ensemble.ts";
import type { PredictImagesOptions } from "./predict_images.ts";
import configuration from "../deno.json" with { type: "json" };

const FORMAT = 1;
const FILE = "prediction.json";

/** What masks are made with. */
interface Prediction {
  folders: readonly string[];
  ensemble: Ensemble;
  steps: readonly PostprocessingStep[];
  options: PredictImagesOptions;
}

/**
 * Writes beside the masks how they are made: the models by the digests of their weights, and the settings.
 *
 * @throws {RangeError} If masks that were made otherwise are there and are not to be replaced.
 */
export async function recordPrediction(
  prediction: Prediction,
  existing: PredictImagesOptions["existing"],
): Promise<void> {
  const { output } = prediction.options;
  const path = join(output, FILE);
  const record = { format: FORMAT, ...await recordOf(prediction) };
  if (existing !== "replace" && await exists(path)) {
    const options = { format: FORMAT, what: "how masks were made", schema: { type: "object" } };
    const before = await readJson<typeof record>(path, options);
    for (const field of ["models", "settings"] as const) {
      const difference = firstDifference(before[field], record[field], field);
      if (difference === undefined) continue;
      throw new RangeError(
        `Cannot add masks to those in '${output}': expected ones made as '${path}' says, found ${difference}`,
      );
    }
  }
  await writeJson(path, record);
}

async function recordOf({ folders, ensemble, steps, options }: Prediction) {
  const { training, mirrorAxes = [] } = ensemble.description;
  const weights = await Promise.all(
    folders.map((folder) => digestFile(join(folder, "weights.safetensors"), noCache)),
  );
  return {
    software: { "@mednext/pipeline": configuration.version },
    dataset: training.dataset,
    models: weights,
    settings: {
      patchSize: ensemble.patchSize,
      stepSize: options.stepSize ?? 0.5,
      mirrorAxes: options.mirrorAxes ?? mirrorAxes,
      aggregate: options.aggregate ?? "logits",
      postprocessing: steps,
      // Masks in half precision differ from others in more than rounding.
      ...(options.precision === "mixed" && { precision: "mixed" }),
    },
  };
}
