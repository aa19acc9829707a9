import { assertEquals, assertRejects } from "@std/assert";
import { createMedNeXt, type MedNeXtConfig } from "@mednext/mednext";
import { setBackend } from "@mednext/kernels";
import { type Initialization, initializeModel } from "./initialize_model.ts";
import { writeModelFolder } from "./model_folder.ts";

const network = { inputChannels: 1, classes: 2, baseChannels: 2, kernelSize: 5 };

/** The message of the error when a model of `config` begins with one of `network`. */
async function refusal(initialize: Initialization, config: MedNeXtConfig): Promise<string> {
  await setBackend("cpu");
  const folder = await Deno.makeTempDir();
  const [from, to] = [createMedNeXt(network), createMedNeXt(config)];
  try {
    const labels = [{ name: "background", value: 0 }, { name: "organ", value: 1 }];
    const description = {
      network,
      labels,
      channelNames: ["MR"],
      plan: { normalization: [{ scheme: "zscore" as const }] },
      patchSize: [32, 32, 32] as [number, number, number],
      training: { dataset: "set", fold: 0, parameters: {} },
    };
    await writeModelFolder(folder, { model: from, description });
    const error = await assertRejects(
      () => initializeModel(to, { initialize, init: folder, log() {} }),
      RangeError,
    );
    return error.message.replace(folder, "FOLDER");
  } finally {
    from.dispose();
    to.dispose();
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("initializeModel() says in a line how the network of the other model differs", async () => {
  assertEquals(
    await refusal("upkern", { ...network, kernelSize: 7, baseChannels: 4, norm: "layer" }),
    "Cannot initialize by 'upkern' from the model in 'FOLDER': expected the same network, " +
      'baseChannels 4, norm "layer"; found baseChannels 2, norm "group"',
  );
  assertEquals(
    await refusal("continue", { ...network, classes: 3 }),
    "Cannot initialize by 'continue' from the model in 'FOLDER': expected the same network, " +
      "classes 3; found classes 2",
  );
});

Deno.test("initializeModel() refuses kernels that would have to shrink, or grow without UpKern", async () => {
  assertEquals(
    await refusal("upkern", { ...network, kernelSize: 3 }),
    "Cannot initialize by 'upkern' from the model in 'FOLDER': expected kernels that are not " +
      "larger, encoderKernelSize 3, decoderKernelSize 3; found encoderKernelSize 5, " +
      "decoderKernelSize 5",
  );
  assertEquals(
    await refusal("continue", { ...network, encoderKernelSize: 7 }),
    "Cannot initialize by 'continue' from the model in 'FOLDER': expected the same kernels, " +
      "encoderKernelSize 7, decoderKernelSize 5; found encoderKernelSize 5, decoderKernelSize 5",
  );
});
