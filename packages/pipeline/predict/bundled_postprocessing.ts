import type { LabelName } from "@mednext/data";
import type { PostprocessingStep } from "@mednext/segment";
import { join } from "@std/path";
import { readPostprocessing } from "../artifacts/postprocessing_folder.ts";
import { exists } from "../run/file_system.ts";

/**
 * What is done to masks in the end: the post-processing that is asked for, `false` for none, or the one in the
 * models' folders.
 *
 * @throws {RangeError} If the models' folders hold different ones, or one for other labels.
 */
export async function bundledPostprocessing(
  models: readonly string[],
  { postprocessing, labels }: { postprocessing?: string | false; labels: readonly LabelName[] },
): Promise<readonly PostprocessingStep[]> {
  if (postprocessing === false) return [];
  if (postprocessing !== undefined) {
    return (await readPostprocessing(postprocessing, { labels })).steps;
  }
  const found: { folder: string; steps: PostprocessingStep[] }[] = [];
  for (const folder of models) {
    if (!await exists(join(folder, "postprocessing.json"))) continue;
    found.push({ folder, ...await readPostprocessing(folder, { labels }) });
  }
  const [first, ...others] = found;
  const other = others.find(({ steps }) => JSON.stringify(steps) !== JSON.stringify(first.steps));
  if (other === undefined) return first?.steps ?? [];
  throw new RangeError(
    `Cannot post-process masks: expected one post-processing, found one in '${first.folder}' and ` +
      `another in '${other.folder}'`,
  );
}
