import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { setBackend } from "@mednext/kernels";
import { createMedNeXt, type MedNeXt, stateDict } from "@mednext/mednext";
import { join } from "@std/path";
import { forgetOtherWeights, loadBestWeights, writeBestWeights } from "./best_weights.ts";

function create(seed: number): MedNeXt {
  return createMedNeXt({ inputChannels: 1, classes: 2, baseChannels: 1, kernelSize: 1, seed });
}

async function filesOf(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(folder)) names.push(name);
  return names.sort();
}

Deno.test("best weights of an earlier epoch stay until they are forgotten, so a checkpoint finds its own", async () => {
  await setBackend("cpu");
  const folder = await Deno.makeTempDir();
  const [first, second, third] = [1, 2, 3].map(create);
  try {
    await Deno.writeTextFile(join(folder, "checkpoint.safetensors"), "");
    await writeBestWeights(folder, { model: first, epoch: 8 });
    await writeBestWeights(folder, { model: second, epoch: 12 });
    // A crash here leaves a checkpoint that names epoch 8.
    await loadBestWeights(folder, { model: third, epoch: 8 });
    assertEquals(stateDict(third), stateDict(first));
    assertNotEquals(stateDict(third), stateDict(second));
    await forgetOtherWeights(folder, 12);
    assertEquals(await filesOf(folder), ["best_epoch_12.safetensors", "checkpoint.safetensors"]);
    const path = join(folder, "best_epoch_8.safetensors");
    const load = () => loadBestWeights(folder, { model: third, epoch: 8 });
    assertEquals(
      (await assertRejects(load, Error)).message,
      `Cannot read the best weights from '${path}': no such file or folder`,
    );
  } finally {
    for (const model of [first, second, third]) model.dispose();
    await Deno.remove(folder, { recursive: true });
  }
});
