import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { readPostprocessing, writePostprocessing } from "./postprocessing_folder.ts";

const labels = [{ name: "background", value: 0 }, { name: "organ", value: 3 }];
const steps = [{
  operation: "keep-largest-component" as const,
  name: "organ",
  values: [3],
  connectivity: 26 as const,
}];

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("readPostprocessing() gives what was written, by its folder and by its file", () =>
  inFolder(async (folder) => {
    await writePostprocessing(folder, { labels, steps, trials: [] }, "It helps.");
    for (const path of [folder, join(folder, "postprocessing.json")]) {
      const read = await readPostprocessing(path, { labels });
      assertEquals([read.labels, read.steps], [labels, steps]);
    }
    const text = await Deno.readTextFile(join(folder, "postprocessing.md"));
    assertEquals(text, "It helps.\n");
  }));

Deno.test("readPostprocessing() refuses other labels and what is no post-processing", () =>
  inFolder(async (folder) => {
    const file = join(folder, "postprocessing.json");
    await writePostprocessing(folder, { labels, steps }, "");
    const other = [labels[0], { name: "lesion", value: 3 }];
    const error = await assertRejects(() => readPostprocessing(folder, { labels: other }));
    assertEquals(
      (error as Error).message,
      `Cannot use the post-processing in '${file}': expected one for the labels 0 background, ` +
        `3 lesion, found one for 0 background, 3 organ`,
    );
    const wrong = { ...steps[0], operation: "dilate", values: [0], connectivity: 4 };
    await Deno.writeTextFile(file, JSON.stringify({ format: 1, labels, steps: [wrong] }));
    const refused = await assertRejects(() => readPostprocessing(folder, { labels }), SyntaxError);
    assertEquals(
      refused.message,
      `Cannot read a post-processing from '${file}': ` +
        `steps[0].operation: must be "keep-largest-component": current value is "dilate"; ` +
        `steps[0].values[0]: must be at least 1: current value is 0; ` +
        `steps[0].connectivity: must be one of 6, 18, 26: current value is 4`,
    );
  }));
