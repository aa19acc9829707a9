import { show } from "./internal/check.ts";
import type { MetricSpec } from "./metric_spec.ts";
import { parseMetricSpec } from "./parse_metric_spec.ts";

/**
 * Reads the list of metrics of a configuration.
 *
 * @example As YAML gives it
 * ```ts
 * import { parseMetricSpecs } from "@mednext/metrics";
 * import { assertEquals } from "@std/assert";
 *
 * const specs = parseMetricSpecs(["dice", { hd95: { convention: "medpy" } }]);
 * assertEquals(specs.map(({ metric, convention }) => `${metric} ${convention}`), [
 *   "dice nnunet",
 *   "hd95 medpy",
 * ]);
 * ```
 *
 * @param config The list as it was read; it is not trusted.
 * @returns The metrics, in the same order.
 * @throws {RangeError} If it is not a list of at least one metric, a metric is not valid, or one is named
 * twice.
 */
export function parseMetricSpecs(config: unknown): MetricSpec[] {
  if (!Array.isArray(config) || config.length === 0) {
    throw new RangeError(
      `Cannot read metrics as they must be a list of at least one: current value is ${
        show(config)
      }`,
    );
  }
  const specs = config.map((entry) => parseMetricSpec(entry));
  const texts = specs.map((spec) => JSON.stringify(spec));
  const twice = texts.find((text, i) => texts.indexOf(text) !== i);
  if (twice !== undefined) {
    throw new RangeError(`Cannot read metrics as each must be named once: found ${twice} twice`);
  }
  return specs;
}
