import { assertEquals, assertRejects } from "@std/assert";
import { createMedNeXt, stateDict, writeSafetensors } from "@mednext/mednext";
import { setBackend, tf } from "@mednext/kernels";
import { initializeModel } from "./initialize_model.ts";
import { readJson, writeJson } from "./json_file.ts";
import { readMasksManifest } from "./masks_folder.ts";
import { readModelDescription } from "./model_description.ts";
import { loadModel, writeModelFolder } from "./model_folder.ts";
import { subsetOf } from "./splits_file.ts";
import { readVolumesManifest, type VolumesManifest } from "./volumes_folder.ts";

const network = { inputChannels: 1, classes: 2, baseChannels: 2, kernelSize: 3, seed: 3 };
const ignore = () => {};

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("readJson() gives back what writeJson() wrote and refuses another format", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.json`;
    await writeJson(path, { format: 1, a: [1, 2] });
    assertEquals<unknown>(await readJson(path, { format: 1, what: "a thing", schema: {} }), {
      format: 1,
      a: [1, 2],
    });
    await assertRejects(
      () => readJson(path, { format: 2, what: "a thing", schema: {} }),
      SyntaxError,
      `Cannot read a thing from '${path}': expected format 2, found 1`,
    );
    await Deno.writeTextFile(path, "null");
    await assertRejects(
      () => readJson(path, { format: 1, what: "a thing", schema: {} }),
      SyntaxError,
      `Cannot read a thing from '${path}': expected format 1, found undefined`,
    );
  }));

const manifest: VolumesManifest = {
  format: 1,
  name: "set",
  channelNames: ["MR"],
  labels: [{ name: "background", value: 0 }, { name: "organ", value: 1 }],
  plan: { normalization: [{ scheme: "zscore" }] },
  training: ["a", "b", "c"],
  test: ["d"],
};

/** Asserts that it rejects with exactly this message. */
async function assertMessage(action: () => Promise<unknown>, message: string): Promise<void> {
  assertEquals((await assertRejects(action, Error)).message, message);
}

Deno.test("readMasksManifest() and readVolumesManifest() refuse ids that lead out of the folder", () =>
  withFolder(async (folder) => {
    await writeJson(`${folder}/masks.json`, { format: 1, cases: ["a", "../b"] });
    await assertMessage(
      () => readMasksManifest(folder),
      `Cannot read the cases in '${folder}/masks.json': expected ids that can name a file, found "../b"`,
    );
    await writeJson(`${folder}/volumes.json`, { ...manifest, test: ["/etc/d", "e\0"] });
    await assertMessage(
      () => readVolumesManifest(folder),
      `Cannot read the cases in '${folder}/volumes.json': expected ids that can name a file, ` +
        `found "/etc/d", "e\\u0000"`,
    );
  }));

Deno.test("readVolumesManifest() reads regions and the ignore label, and refuses what does not fit", () =>
  withFolder(async (folder) => {
    const path = `${folder}/volumes.json`;
    const whole = {
      ...manifest,
      labels: [0, 1, 65534].map((value) => ({ name: `label ${value}`, value })),
      ignoreLabel: 65535,
      regions: [{ name: "whole", values: [1, 65534] }, { name: "core", values: [65534] }],
      regionsClassOrder: [1, 65534],
    };
    await writeJson(path, whole);
    assertEquals(await readVolumesManifest(folder), whole);
    await writeJson(path, {
      ...whole,
      labels: [whole.labels[1], whole.labels[1]],
      ignoreLabel: 1,
      regions: [{ name: "whole", values: [0, 1] }, { name: "other", values: [3] }],
      regionsClassOrder: [2],
    });
    await assertMessage(
      () => readVolumesManifest(folder),
      `Cannot read the labels in '${path}': labels: expected rising values from 0 on, found 1, 1; ` +
        "ignoreLabel: expected a value above 1, found 1; " +
        "regionsClassOrder: expected a value for each of 2 regions, found 1; " +
        "regions[0].values: expected labels above 0, found 0; " +
        "regionsClassOrder[0]: expected one of 0, 1, found 2; " +
        "regions[1].values: expected labels above 0, found 3",
    );
  }));

Deno.test("readVolumesManifest() lists everything that is wrong with a manifest", () =>
  withFolder(async (folder) => {
    const path = `${folder}/volumes.json`;
    const { name: _, ...rest } = manifest;
    await writeJson(path, {
      ...rest,
      labels: [{ name: "background", value: -1 }],
      plan: { spacing: [1, 0, 1], normalization: [{ scheme: "cubic" }] },
      training: "a",
    });
    await assertMessage(
      () => readVolumesManifest(folder),
      `Cannot read preprocessed volumes from '${path}': missing key "name"; ` +
        "labels[0].value: must be at least 0: current value is -1; " +
        "plan.spacing[1]: must be more than 0: current value is 0; " +
        `plan.normalization[0].scheme: must be one of "zscore", "ct", "none", "rescale-to-0-1", ` +
        `"rgb-to-0-1": current value is "cubic"; ` +
        `training: must be a list: current value is "a"`,
    );
    await Deno.remove(path);
    await assertMessage(
      () => readVolumesManifest(folder),
      `Cannot read preprocessed volumes from '${path}': no such file or folder`,
    );
  }));

Deno.test("loadModel() names the file of a model that is not whole", () =>
  withFolder(async (folder) => {
    await setBackend("cpu");
    const description = {
      format: 1,
      network,
      labels: manifest.labels,
      channelNames: manifest.channelNames,
      plan: manifest.plan,
      patchSize: [32, 32, 32],
      training: { dataset: "set", fold: 0, parameters: {} },
    };
    const path = `${folder}/model.json`;
    const model = createMedNeXt(network);
    await writeJson(path, { ...description, channelNames: ["T1", "T2"] });
    await assertMessage(
      () => readModelDescription(folder),
      `Cannot read a model from '${path}': expected a label for each of 2 classes and a name for ` +
        "each of 1 channels, found 2 labels and 2 names",
    );
    const plan = { normalization: [{ scheme: "none" }, { scheme: "ct" }] };
    await writeJson(path, { ...description, plan });
    await assertMessage(
      () => readModelDescription(folder),
      `Cannot read a model from '${path}': expected a normalization for each of 1 channels, found 2`,
    );
    await writeJson(path, { ...description, network: { ...network, baseChannels: 1e6 } });
    await assertMessage(
      () => readModelDescription(folder),
      `Cannot read a model from '${path}': Cannot create a MedNeXt as 'baseChannels' must be an integer ` +
        "from 1 to 1024: current value is 1000000",
    );
    await writeJson(path, { ...description, network: { ...network, dimensions: 2 } });
    await assertMessage(
      () => readModelDescription(folder),
      `Cannot read a model from '${path}': expected a network of 3 dimensions, found one of 2`,
    );
    await writeJson(path, description);
    await assertMessage(
      () => loadModel(folder),
      `Cannot read weights from '${folder}/weights.safetensors': no such file or folder`,
    );
    await Deno.writeFile(`${folder}/weights.safetensors`, new Uint8Array(3));
    await assertMessage(
      () => loadModel(folder),
      `Cannot read weights from '${folder}/weights.safetensors': ` +
        "Cannot read safetensors: expected at least 8 bytes, found 3",
    );
    const tensors = tf.memory().numTensors;
    await Deno.writeFile(`${folder}/weights.safetensors`, writeSafetensors(new Map()));
    await assertMessage(
      () => loadModel(folder),
      `Cannot load the model in '${folder}': expected ${model.countParams()} weights as model.json ` +
        "says, found 0",
    );
    const [[name, parameter], ...rest] = stateDict(model);
    const renamed = new Map([["other", parameter], ...rest]);
    await Deno.writeFile(`${folder}/weights.safetensors`, writeSafetensors(renamed));
    await assertMessage(
      () => loadModel(folder),
      `Cannot load the model in '${folder}': Cannot load the state dict into the network: ` +
        `2 parameters do not fit\n  missing: ${name}\n  unexpected: other`,
    );
    // All that a network can be asked for and none of its weights: refused before it is made.
    const huge = { baseChannels: 1024, blockCounts: Array(9).fill(64), size: "L" };
    await writeJson(path, { ...description, network: { ...network, ...huge } });
    await assertMessage(
      () => loadModel(folder),
      `Cannot load the model in '${folder}': expected 458523654146 weights as model.json says, ` +
        `found ${model.countParams()}`,
    );
    assertEquals(tf.memory().numTensors, tensors);
    model.dispose();
  }));

Deno.test("subsetOf() chooses cases by fold and subset", () =>
  withFolder(async (folder) => {
    const splits = `${folder}/splits_final.json`;
    await writeJson(splits, [
      { train: ["b", "c"], val: ["a"] },
      { train: ["a"], val: ["b", "x"] },
    ]);
    const choose = (subset: "validation" | "training" | "test" | "all", fold: number | "all") =>
      subsetOf(manifest, { subset, fold, splits });
    assertEquals(await choose("validation", 0), ["a"]);
    assertEquals(await choose("training", 0), ["b", "c"]);
    assertEquals(await choose("test", 0), ["d"]);
    assertEquals(await choose("all", 0), ["a", "b", "c", "d"]);
    assertEquals(await choose("training", "all"), ["a", "b", "c"]);
    await assertRejects(
      () => choose("validation", 2),
      RangeError,
      `Cannot choose fold 2: '${splits}' has the folds 0 to 1`,
    );
    await assertRejects(
      () => choose("validation", 1),
      RangeError,
      `Cannot choose fold 1: '${splits}' names cases that are not there: x`,
    );
    await assertRejects(
      () => subsetOf(manifest, { subset: "validation", fold: 0 }),
      RangeError,
      "Cannot choose the validation cases of fold 0 as the input 'splits' is not given",
    );
    await assertRejects(
      () => subsetOf({ ...manifest, test: [] }, { subset: "test", fold: 0 }),
      RangeError,
      `Cannot choose cases: there are no cases without labels in ${manifest.name}`,
    );
  }));

Deno.test("loadModel() builds the network that writeModelFolder() wrote, weight for weight", () =>
  withFolder(async (folder) => {
    await setBackend("cpu");
    const model = createMedNeXt(network);
    const description = {
      network,
      labels: manifest.labels,
      channelNames: manifest.channelNames,
      plan: manifest.plan,
      patchSize: [32, 32, 32] as [number, number, number],
      training: { dataset: "set", fold: 0, parameters: {} },
    };
    await writeModelFolder(folder, { model, description });
    const loaded = await loadModel(folder);
    assertEquals(stateDict(loaded.model), stateDict(model));
    assertEquals(loaded.description, { format: 1, ...description });
    loaded.model.dispose();
    model.dispose();
  }));

Deno.test("initializeModel() takes weights over, by UpKern where the kernel grew", () =>
  withFolder(async (folder) => {
    await setBackend("cpu");
    const small = createMedNeXt(network);
    const large = createMedNeXt({ ...network, kernelSize: 5, seed: 4 });
    await writeModelFolder(folder, {
      model: small,
      description: {
        network,
        labels: manifest.labels,
        channelNames: manifest.channelNames,
        plan: manifest.plan,
        patchSize: [32, 32, 32],
        training: { dataset: "set", fold: 0, parameters: {} },
      },
    });
    const lines: string[] = [];
    const report = await initializeModel(large, {
      initialize: "upkern",
      init: folder,
      log: (line) => lines.push(line),
    });
    assertEquals(report?.resized.length, 26);
    assertEquals(lines, ["UpKern: 202 weights copied, 26 kernels resized"]);
    assertEquals(
      stateDict(large).get("stem.weight")?.data,
      stateDict(small).get("stem.weight")?.data,
    );
    await assertRejects(
      () => initializeModel(large, { initialize: "scratch", init: folder, log: ignore }),
      RangeError,
      "Cannot start from scratch as the input 'init' is given: set 'initialize' to continue or upkern",
    );
    await assertRejects(
      () => initializeModel(large, { initialize: "upkern", log: ignore }),
      RangeError,
      "Cannot initialize by 'upkern' as the input 'init' is not given",
    );
    small.dispose();
    large.dispose();
  }));
