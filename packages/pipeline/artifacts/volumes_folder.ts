/**
 * The `volumes` artifact: preprocessed cases and what they are.
 *
 *     volumes.json         the manifest below
 *     cases/<id>.zarr      one preprocessed case each
 *
 * @module
 */
import {
  type LabelName,
  type PreprocessedCase,
  type PreprocessingPlan,
  readCase,
} from "@mednext/data";
import { join } from "@std/path";
import { readJson, writeJson } from "./json_file.ts";

const FORMAT = 1;

/** What lies in a folder of preprocessed cases. */
export interface VolumesManifest {
  /** Version of this layout. */
  format: 1;
  /** Name of the data set. */
  name: string;
  /** What each channel is. */
  channelNames: string[];
  /** The labels, sorted by value; a class is the place of its label in this list. */
  labels: LabelName[];
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
  await writeJson(join(folder, "volumes.json"), { format: FORMAT, ...manifest });
}

/** Reads the manifest. */
export function readVolumesManifest(folder: string): Promise<VolumesManifest> {
  return readJson(join(folder, "volumes.json"), { format: FORMAT, what: "preprocessed volumes" });
}

/** Gives cases by id, keeping those that were read, as long as they fit into `bytes`. */
export function cachedCases(
  folder: string,
  bytes = 2 ** 31,
): (id: string) => Promise<PreprocessedCase> {
  const cases = new Map<string, PreprocessedCase>();
  let held = 0;
  return async (id) => {
    const known = cases.get(id);
    if (known) return known;
    const read = await readCase(casePath(folder, id));
    const size = read.image.byteLength + (read.label?.byteLength ?? 0);
    if (held + size <= bytes) {
      held += size;
      cases.set(id, read);
    }
    return read;
  };
}
