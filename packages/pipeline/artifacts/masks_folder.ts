/**
 * The `masks` artifact: label maps, each in the grid of its image.
 *
 *     masks.json       the manifest below
 *     <id>.nii.gz      one label map each
 *
 * @module
 */
import { join } from "@std/path";
import { checkCaseIds } from "./check_case_ids.ts";
import { readJson, writeJson } from "./json_file.ts";
import { caseIds } from "./manifest_schemas.ts";

const FORMAT = 1;
const FILE = "masks.json";
const SCHEMA = { type: "object", required: ["cases"], properties: { cases: caseIds } };

/** What lies in a folder of masks. */
export interface MasksManifest {
  /** Version of this layout. */
  format: 1;
  /** Ids of the cases that have a mask here. */
  cases: string[];
}

/** Where a mask lies inside its folder. */
export function maskPath(folder: string, id: string): string {
  return join(folder, `${id}.nii.gz`);
}

/** Writes the manifest. */
export async function writeMasksManifest(folder: string, cases: string[]): Promise<void> {
  await writeJson(join(folder, FILE), { format: FORMAT, cases });
}

/** Reads the manifest; its ids can be parts of paths. */
export async function readMasksManifest(folder: string): Promise<MasksManifest> {
  const path = join(folder, FILE);
  const options = { format: FORMAT, what: "masks", schema: SCHEMA };
  const manifest = await readJson<MasksManifest>(path, options);
  checkCaseIds(manifest.cases, path);
  return manifest;
}
