/** Models of random weights and images for tests of predictions. */
import { writeNifti } from "@mednext/data";
import { setBackend } from "@mednext/kernels";
import { createMedNeXt } from "@mednext/mednext";
import { join } from "@std/path";
import type { ModelDescription } from "../artifacts/model_description.ts";
import { writeModelFolder } from "../artifacts/model_folder.ts";
import { makeCase } from "./dataset.ts";

/** What the tests compute on. */
export const compute = { backend: "wasm" as const, threads: 1 };

/** A folder that is removed at the end. */
export async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "predict_test_" });
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A model of random weights whose scores differ from voxel to voxel. */
export async function makeModel(
  folder: string,
  { seed, ...changes }: { seed: number } & Partial<ModelDescription>,
): Promise<string> {
  await setBackend("wasm", { threads: 1 });
  const labels = [0, 4, 9].map((value) => ({ name: `label ${value}`, value }));
  const classes = (changes.regions ?? labels).length;
  const { channelNames = ["MR"] } = changes;
  const network = { inputChannels: channelNames.length, classes, baseChannels: 2, seed };
  const model = createMedNeXt(network);
  await Deno.mkdir(folder);
  await writeModelFolder(folder, {
    model,
    description: {
      network,
      labels,
      channelNames,
      plan: { spacing: [1.5, 1, 1.2], normalization: [{ scheme: "zscore" }] },
      patchSize: [16, 16, 32],
      mirrorAxes: [2],
      training: { dataset: "balls", fold: 0, parameters: {} },
      ...changes,
    },
  });
  model.dispose();
  return folder;
}

/** Writes images of the test's data set and gives them as `findImages` does. */
export async function makeImages(folder: string, count: number) {
  return await Promise.all(Array.from({ length: count }, async (_, i) => {
    const path = join(folder, `case_${i}.nii.gz`);
    await writeNifti(path, makeCase(i).image);
    return { id: `case_${i}`, images: [path] };
  }));
}
