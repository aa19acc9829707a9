/**
 * The settings of a network, read back.
 * @module
 */
import type { tf } from "@mednext/kernels";
import type { ResolvedMedNeXtConfig } from "./config.ts";
import { MedNeXtStem } from "./units/stem.ts";

/**
 * Gives the settings that a network was made from, with every default filled in. Also works on a
 * model that TensorFlow.js saved and loaded.
 *
 * @example
 * ```ts
 * import { createMedNeXt, modelConfig } from "@mednext/mednext";
 * import { setBackend } from "@mednext/kernels";
 * import { assertEquals } from "@std/assert";
 *
 * await setBackend("cpu");
 * const model = createMedNeXt({ inputChannels: 1, classes: 3, baseChannels: 2 });
 * assertEquals(modelConfig(model).kernelSize, 3);
 * model.dispose();
 * ```
 * @param model A network of `createMedNeXt`.
 * @returns A copy of its settings.
 * @throws {TypeError} If the model is not one of `createMedNeXt`.
 */
export function modelConfig(model: tf.LayersModel): ResolvedMedNeXtConfig {
  const stem = model.layers.find((layer) => layer instanceof MedNeXtStem);
  if (stem === undefined) {
    throw new TypeError(
      `Cannot read the settings of the model '${model.name}': it was not made by createMedNeXt`,
    );
  }
  return structuredClone((stem as MedNeXtStem).network);
}
