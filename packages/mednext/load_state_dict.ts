/**
 * The weights of a network, replaced.
 * @module
 */
import { tf } from "@mednext/kernels";
import type { Parameter, StateDict } from "./parameter.ts";
import { StateDictError } from "./state_dict_error.ts";
import { fromTorch, type ParameterSpec } from "./units/parameters.ts";
import { unitLayersOf } from "./units/unit_layers_of.ts";

/** The settings of `loadStateDict`. */
export interface LoadStateDictOptions {
  /**
   * Whether names that only one side has are an error; otherwise they are passed over. A shape that
   * differs is always an error.
   * @default {true}
   */
  strict?: boolean;
}

/** The release's checkpoints hold it for the sake of PyTorch's checkpointing; it is no weight. */
const DUMMY = "dummy_tensor";

const written = (shape: readonly number[]): string => `[${shape.join(", ")}]`;

/** Why a parameter does not fit; undefined where it does. */
function misfit(name: string, spec: ParameterSpec, { shape, data }: Parameter): string | undefined {
  const expected = spec.torchShape;
  if (shape.length !== expected.length || shape.some((n, axis) => n !== expected[axis])) {
    return `${name}: expected ${written(expected)}, found ${written(shape)}`;
  }
  const count = shape.reduce((product, n) => product * n, 1);
  if (data.length !== count) {
    return `${name}: expected ${count} values for ${written(shape)}, found ${data.length}`;
  }
  return undefined;
}

/**
 * Replaces the weights of a network by those of a state dict: names, layouts and order-free as the release's
 * checkpoints, whose `dummy_tensor` is ignored. Either all fit and are loaded, or nothing changes.
 *
 * @example
 * ```ts
 * import { createMedNeXt, loadStateDict, stateDict } from "@mednext/mednext";
 * import { setBackend } from "@mednext/kernels";
 * import { assertEquals } from "@std/assert";
 *
 * await setBackend("cpu");
 * const one = createMedNeXt({ inputChannels: 1, classes: 3, baseChannels: 2, seed: 1 });
 * const two = createMedNeXt({ inputChannels: 1, classes: 3, baseChannels: 2, seed: 2 });
 * loadStateDict(two, stateDict(one));
 * assertEquals(stateDict(two), stateDict(one));
 * one.dispose();
 * two.dispose();
 * ```
 * @param model A network of `createMedNeXt`.
 * @param dict The weights, PyTorch names and layouts.
 * @param options Whether every name must be there.
 * @throws {StateDictError} Lists every missing, unexpected and misshapen parameter at once.
 * @throws {TypeError} If the model is not one of `createMedNeXt`.
 */
export function loadStateDict(
  model: tf.LayersModel,
  dict: StateDict,
  options: LoadStateDictOptions = {},
): void {
  const { strict = true } = options;
  const targets = new Map(
    unitLayersOf(model).flatMap(({ unit, parameters }) =>
      parameters.map((parameter) => [`${unit.name}.${parameter.spec.name}`, parameter])
    ),
  );
  const missing = strict ? [...targets.keys()].filter((name) => !dict.has(name)) : [];
  const unexpected = strict
    ? [...dict.keys()].filter((name) => name !== DUMMY && !targets.has(name))
    : [];
  const found = [...targets].filter(([name]) => dict.has(name));
  const misshapen = found.map(([name, { spec }]) => misfit(name, spec, dict.get(name)!))
    .filter((sentence) => sentence !== undefined);
  if (missing.length + unexpected.length + misshapen.length > 0) {
    throw new StateDictError({ missing, unexpected, misshapen });
  }
  for (const [name, { spec, weight }] of found) {
    // A tensor may keep the array it is made from, and the dict belongs to the caller.
    const values = fromTorch(spec, dict.get(name)!.data.slice());
    tf.tidy(() => void weight.write(tf.tensor(values, spec.shape, "float32")));
  }
}
