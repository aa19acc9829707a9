/**
 * The size of a network, without making it.
 * @module
 */
import type { MedNeXtConfig } from "./config.ts";
import { resolveConfig } from "./resolve_config.ts";
import { parametersOf } from "./units/parameters.ts";
import { unitsOf } from "./units/unit.ts";

/**
 * Counts the trainable numbers of a network from its settings. The release counts one more, its `dummy_tensor`.
 *
 * @example
 * ```ts
 * import { parameterCount } from "@mednext/mednext";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parameterCount({ inputChannels: 1, classes: 3, size: "L", kernelSize: 5 }), 62_992_931);
 * ```
 * @param config The settings.
 * @returns The number of parameters.
 * @throws {RangeError} As `resolveConfig`.
 */
export function parameterCount(config: MedNeXtConfig): number {
  return unitsOf(resolveConfig(config)).flatMap(parametersOf)
    .reduce((sum, { shape }) => sum + shape.reduce((product, n) => product * n, 1), 0);
}
