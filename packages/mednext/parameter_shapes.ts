/**
 * The names and shapes of a network's weights, without making it.
 * @module
 */
import type { MedNeXtConfig } from "./config.ts";
import { resolveConfig } from "./resolve_config.ts";
import { parametersOf } from "./units/parameters.ts";
import { unitsOf } from "./units/unit.ts";

/**
 * Gives the state-dict names of a network's weights with their PyTorch shapes, in the order of the release.
 *
 * @example
 * ```ts
 * import { parameterShapes } from "@mednext/mednext";
 * import { assertEquals } from "@std/assert";
 *
 * const shapes = parameterShapes({ inputChannels: 2, classes: 3 });
 * assertEquals(shapes.get("stem.weight"), [32, 2, 1, 1, 1]);
 * assertEquals(shapes.get("up_3.conv1.weight"), [512, 1, 3, 3, 3]);
 * ```
 * @param config The settings.
 * @returns Shapes by name.
 * @throws {RangeError} As `resolveConfig`.
 */
export function parameterShapes(config: MedNeXtConfig): Map<string, number[]> {
  return new Map(
    unitsOf(resolveConfig(config)).flatMap((unit) =>
      parametersOf(unit).map(({ name, torchShape }) => [`${unit.name}.${name}`, torchShape])
    ),
  );
}
