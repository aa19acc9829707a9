/**
 * The `volumes` artifact: preprocessed cases and what they are.
 *
 *     volumes.json         the manifest below
 *     cases/<id>.zarr      one preprocessed case each
 *
 * @module
 */
import type { LabelDescription, PreprocessingPlan } from "@mednext/data";
import { join } from "@std/path";
import { checkCaseIds } from "./check_case_ids.ts";
import { checkLabels } from "./check_labels.ts";
import { readJson, writeJson } from "./json_file.ts";
import { caseIds, labelFields, names, plan } from "./manifest_schemas.ts";

const FORMAT = 1;
const FILE = "volumes.json";
const SCHEMA = {
  type: "object",
  required: ["name", "channelNames", "labels", "plan", "training", "test"],
  properties: {
    name: { type: "string" },
    channelNames: names,
    ...labelFields,
    plan,
    training: caseIds,
    test: caseIds,
  },
};

/** What lies in a folder of preprocessed cases. */
export interface VolumesManifest extends LabelDescription {
  /** Version of this layout. */
  format: 1;
  /** Name of the data set. */
  name: string;
  /** What each channel is. */
  channelNames: string[];
  /** How the cases were preprocessed. */
  plan: PreprocessingPlan;
  /** Ids of the cases with labels, sorted. */
  training: string[];
  /** Ids of the cases without, sorted. */
  test: string[];
}

/** Where a case lies inside its folder. */
export function casePath(folder: string, id: string): string {
  return join(folder, "cases", `${id}.zarr`);
}

/** Writes the manifest. */
export async function writeVolumesManifest(
  folder: string,
  manifest: Omit<VolumesManifest, "format">,
): Promise<void> {
  await writeJson(join(folder, FILE), { format: FORMAT, ...manifest });
}

/** Reads the manifest; its ids can be parts of paths. */
export async function readVolumesManifest(folder: string): Promise<VolumesManifest> {
  const path = join(folder, FILE);
  const options = { format: FORMAT, what: "preprocessed volumes", schema: SCHEMA };
  const manifest = await readJson<VolumesManifest>(path, options);
  checkCaseIds([...manifest.training, ...manifest.test], path);
  checkLabels(manifest, path);
  return manifest;
}
