import { maskPath, readMasksManifest, writeMasksManifest } from "../artifacts/masks_folder.ts";
import { exists } from "../run/file_system.ts";
import type { PredictImagesOptions } from "./predict_images.ts";

/** At most this many masks are named in a message. */
const NAMED = 3;

/**
 * The images whose mask is there and stays.
 *
 * @throws {Error} If there are such masks and it was not said what becomes of them.
 */
export async function masksToKeep(
  ids: readonly string[],
  { output, existing }: Required<Pick<PredictImagesOptions, "output" | "existing">>,
): Promise<string[]> {
  const present = await presentMasks(ids, output);
  if (existing === "replace") return [];
  if (existing === "keep" || present.length === 0) return present;
  const shown = present.slice(0, NAMED).map((id) => `${id}.nii.gz`).join(", ");
  const more = present.length > NAMED ? ` and ${present.length - NAMED} more` : "";
  throw new Error(
    `Cannot write masks into '${output}': found ${shown}${more} there already, and neither to be kept ` +
      "(--continue) nor to be replaced (--overwrite)",
  );
}

/** Names the masks in the folder, beside those that were named before, so that stages can read it. */
export async function listMasks(output: string, ids: readonly string[]): Promise<void> {
  const before = await readMasksManifest(output).then(({ cases }) => cases, () => []);
  const present = await presentMasks(before, output);
  await writeMasksManifest(output, [...new Set([...present, ...ids])].sort());
}

async function presentMasks(ids: readonly string[], output: string): Promise<string[]> {
  const found = await Promise.all(ids.map((id) => exists(maskPath(output, id))));
  return ids.filter((_, i) => found[i]);
}
