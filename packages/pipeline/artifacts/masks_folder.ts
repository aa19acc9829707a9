/**
 * The `masks` artifact: label maps, each in the grid of its image.
 *
 *     masks.json       the manifest below
 *     <id>.nii.gz      one label map each
 *
 * @module
 */
import { join } from "@std/path";
import { readJson, writeJson } from "./json_file.ts";

const FORMAT = 1;

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
  await writeJson(join(folder, "masks.json"), { format: FORMAT, cases });
}

/** Reads the manifest. */
export function readMasksManifest(folder: string): Promise<MasksManifest> {
  return readJson(join(folder, "masks.json"), { format: FORMAT, what: "masks" });
}
