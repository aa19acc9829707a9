/**
 * The weights of a network, read.
 * @module
 */
import type { tf } from "@mednext/kernels";
import type { StateDict } from "./parameter.ts";
import { toTorch } from "./units/parameters.ts";
import { unitLayersOf } from "./units/unit_layers_of.ts";

/**
 * Reads the weights of a network under the names, in the layouts and in the order of the release.
 *
 * @example
 * ```ts
 * import { createMedNeXt, stateDict } from "@mednext/mednext";
 * import { setBackend } from "@mednext/kernels";
 * import { assertEquals } from "@std/assert";
 *
 * await setBackend("cpu");
 * const model = createMedNeXt({ inputChannels: 1, classes: 3, baseChannels: 2 });
 * assertEquals(stateDict(model).get("enc_block_0.0.conv1.weight")?.shape, [2, 1, 3, 3, 3]);
 * model.dispose();
 * ```
 * @param model A network of `createMedNeXt`.
 * @returns Copies of the weights.
 * @throws {TypeError} If the model is not one of `createMedNeXt`.
 */
export function stateDict(model: tf.LayersModel): StateDict {
  const dict: StateDict = new Map();
  for (const { unit, parameters } of unitLayersOf(model)) {
    for (const { spec, weight } of parameters) {
      const values = Float32Array.from(weight.read().dataSync());
      dict.set(`${unit.name}.${spec.name}`, {
        shape: [...spec.torchShape],
        data: toTorch(spec, values),
      });
    }
  }
  return dict;
}
