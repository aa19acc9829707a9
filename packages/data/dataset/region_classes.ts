import type { LabelDescription } from "./dataset.ts";

/**
 * The classes of each region: what the values of the regions are in a preprocessed label map.
 *
 * @example
 * ```ts
 * import { regionClasses } from "@mednext/data/region-classes";
 * import { assertEquals } from "@std/assert";
 *
 * const regions = regionClasses({
 *   labels: [
 *     { name: "background", value: 0 },
 *     { name: "label 1", value: 1 },
 *     { name: "enhancing", value: 4 },
 *   ],
 *   regions: [{ name: "whole", values: [1, 4] }, { name: "enhancing", values: [4] }],
 * });
 * assertEquals(regions, [[1, 2], [2]]);
 * ```
 *
 * @param description Labels and regions of a data set.
 * @returns For each region the places of its values in `labels`; nothing without regions.
 * @throws {RangeError} If a region has a value that is no label.
 */
export function regionClasses(
  description: Pick<LabelDescription, "labels" | "regions">,
): number[][] | undefined {
  const classOf = new Map(description.labels.map(({ value }, place) => [value, place]));
  return description.regions?.map(({ name, values }) =>
    values.map((value) => {
      const found = classOf.get(value);
      if (found !== undefined) return found;
      throw new RangeError(
        `Cannot find the classes of the region "${name}": expected values of ` +
          `${[...classOf.keys()].join(", ")}, found ${value}`,
      );
    })
  );
}
