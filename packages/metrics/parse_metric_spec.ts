import {
  DICE_CONVENTIONS,
  HAUSDORFF_CONVENTIONS,
  SURFACE_DICE_CONVENTIONS,
} from "./conventions.ts";
import { checkPercentile, checkTolerance, show } from "./internal/check.ts";
import type { MetricSpec } from "./metric_spec.ts";

/** What each metric takes, and the convention that it has where none is named. */
const METRICS: Record<
  MetricSpec["metric"],
  { conventions: readonly string[]; fallback?: string; options: string[] }
> = {
  dice: { conventions: DICE_CONVENTIONS, fallback: "nnunet", options: [] },
  nsd: { conventions: SURFACE_DICE_CONVENTIONS, options: ["tolerance"] },
  hd95: { conventions: HAUSDORFF_CONVENTIONS, options: [] },
  hausdorff: { conventions: HAUSDORFF_CONVENTIONS, options: ["percentile"] },
};

const EMPTY_OPTIONS = ["convention", "nan", "one"];

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Splits `"dice"` or `{ nsd: { … } }` into a name and its options. */
function nameAndOptions(config: unknown): [string, Record<string, unknown>] {
  if (typeof config === "string") return [config, {}];
  const entries = isRecord(config) ? Object.entries(config) : [];
  if (entries.length === 1) {
    const [[name, options]] = entries;
    if (options === null || isRecord(options)) return [name, options ?? {}];
  }
  throw new RangeError(
    `Cannot read a metric as it must be a name or one name with its options, such as { nsd: { convention: deepmind, tolerance: 1 } }: current value is ${
      show(config)
    }`,
  );
}

function checkOneOf(
  value: unknown,
  rule: { allowed: readonly string[]; name: string; what: string },
): void {
  if (!rule.allowed.includes(value as string)) {
    throw new RangeError(
      `Cannot ${rule.what} as '${rule.name}' must be one of ${rule.allowed.join(", ")}: ${
        value === undefined ? "it is missing" : `current value is ${show(value)}`
      }`,
    );
  }
}

function checkKeys(options: Record<string, unknown>, allowed: string[], what: string): void {
  const unknown = Object.keys(options).filter((key) => !allowed.includes(key));
  if (unknown.length > 0) {
    throw new RangeError(
      `Cannot ${what} as its options are ${allowed.join(", ")}: found ${unknown.join(", ")}`,
    );
  }
}

/**
 * Reads one metric of a configuration: a name, or one name with its options, as in YAML
 * `- nsd: { convention: deepmind, tolerance: 1 }`.
 *
 * | metric | options |
 * |---|---|
 * | `dice` | `convention` (default `nnunet`) |
 * | `nsd` | `convention`, `tolerance` in millimetres |
 * | `hd95` | `convention` |
 * | `hausdorff` | `convention`, `percentile` |
 *
 * Each also takes `empty` (`convention`, `nan` or `one`).
 *
 * @example
 * ```ts
 * import { parseMetricSpec } from "@mednext/metrics";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseMetricSpec({ nsd: { convention: "deepmind", tolerance: 1 } }), {
 *   metric: "nsd",
 *   convention: "deepmind",
 *   tolerance: 1,
 * });
 * ```
 *
 * @param config The entry as it was read; it is not trusted.
 * @returns The metric.
 * @throws {RangeError} If the metric, its convention or an option is unknown, missing or out of range.
 */
export function parseMetricSpec(config: unknown): MetricSpec {
  const [name, options] = nameAndOptions(config);
  if (!Object.hasOwn(METRICS, name)) {
    throw new RangeError(
      `Cannot read metric ${name} as metrics are ${Object.keys(METRICS).join(", ")}`,
    );
  }
  const metric = name as MetricSpec["metric"];
  const known = METRICS[metric];
  const what = `read metric ${metric}`;
  checkKeys(options, ["convention", ...known.options, "empty"], what);
  const { convention = known.fallback, tolerance, empty } = options;
  const percentile = metric === "hd95" ? 95 : options.percentile;
  checkOneOf(convention, { allowed: known.conventions, name: "convention", what });
  if (empty !== undefined) checkOneOf(empty, { allowed: EMPTY_OPTIONS, name: "empty", what });
  if (metric === "nsd") checkTolerance(tolerance, what);
  if (metric === "hausdorff") checkPercentile(percentile, what);
  return {
    metric,
    convention,
    ...(tolerance === undefined ? {} : { tolerance }),
    ...(percentile === undefined ? {} : { percentile }),
    ...(empty === undefined ? {} : { empty }),
  } as MetricSpec; // every field was checked above
}
