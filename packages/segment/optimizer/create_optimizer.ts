import type { tf } from "@mednext/kernels";
import { type AdamWOptions, createAdamW } from "./create_adamw.ts";
import { createSgd, type SgdOptions } from "./create_sgd.ts";
import type { Optimizer } from "./optimizer.ts";

/** An optimiser by its name, with its settings: plain data, as it stands in a file. */
export type OptimizerSettings =
  | { name: "adamw" } & AdamWOptions
  | { name: "sgd" } & SgdOptions;

/**
 * Makes the optimiser that settings name.
 *
 * @example SGD as nnU-Net has it
 * ```ts
 * import { tf } from "@mednext/kernels";
 * import { createOptimizer } from "@mednext/segment";
 * import { assertEquals } from "@std/assert";
 *
 * const weight = tf.variable(tf.zeros([2]));
 * const optimizer = createOptimizer(new Map([["w", weight]]), { name: "sgd" });
 * assertEquals([...optimizer.shapes().keys()], ["step", "momentum/w"]);
 * ```
 *
 * @param variables What is trained, by name.
 * @param settings The name, and settings that the optimiser's own function takes.
 * @throws {RangeError} If there is no optimiser of that name or a setting is out of range.
 */
export function createOptimizer(
  variables: ReadonlyMap<string, tf.Variable>,
  settings: OptimizerSettings,
): Optimizer {
  switch (settings.name) {
    case "adamw":
      return createAdamW(variables, withoutName(settings));
    case "sgd":
      return createSgd(variables, withoutName(settings));
    default:
      throw new RangeError(
        `Cannot create an optimiser: expected the name adamw or sgd, found ${
          (settings as { name: unknown }).name
        }`,
      );
  }
}

function withoutName<T extends { name: string }>({ name: _, ...settings }: T): Omit<T, "name"> {
  return settings;
}
