/**
 * What each convention gives when a mask is empty, as data: the only place where this is decided.
 *
 * @module
 */
import type { DiceConvention, HausdorffConvention, SurfaceDiceConvention } from "./conventions.ts";

/** Which of the two masks has no voxel. */
export type EmptyMasks = "both" | "reference" | "prediction";

/**
 * How a metric treats empty masks.
 *
 * - `convention`: as the tool that the convention is named after ({@linkcode EMPTY_RULES}).
 * - `nan`: both empty gives `NaN`; one empty gives 0 for Dice and NSD, `NaN` for distances.
 * - `one`: both empty is a perfect match (Dice and NSD 1, distance 0); one empty gives 0 for Dice and
 *   NSD, `Infinity` for distances.
 */
export type EmptyOption = "convention" | "nan" | "one";

/** What a metric gives in each of the three cases; `"raises"` where the tool stops with an error. */
export type EmptyRow = { readonly [Which in EmptyMasks]: number | "raises" };

/** The families of metrics that have a rule of their own. */
export interface EmptyRules {
  /** Rules of the Dice coefficient. */
  readonly dice: Readonly<Record<DiceConvention, EmptyRow>>;
  /** Rules of the surface Dice (NSD). */
  readonly nsd: Readonly<Record<SurfaceDiceConvention, EmptyRow>>;
  /** Rules of the Hausdorff distance at any percentile. */
  readonly hausdorff: Readonly<Record<HausdorffConvention, EmptyRow>>;
}

function row(
  both: number | "raises",
  reference: number | "raises",
  prediction: number | "raises" = reference,
): EmptyRow {
  return { both, reference, prediction };
}

/**
 * The behaviour of each tool, read from its code and run with NumPy 2.4.
 *
 * MedPy's Dice means to give 1 when both masks are empty, but the exception that it waits for is not
 * raised by NumPy's integers: what comes out is `NaN`. MetricsReloaded has no guard for the NSD of one
 * empty mask; 0 is what it gives in practice.
 */
export const EMPTY_RULES: EmptyRules = {
  //                      both empty, one empty (or: reference empty, prediction empty)
  dice: {
    "nnunet": row(NaN, 0),
    "deepmind": row(NaN, 0),
    "medpy": row(NaN, 0),
    "metricsreloaded": row(1, 0),
    "monai": row(NaN, NaN, 0),
    "monai-keep-empty": row(1, 0),
  },
  nsd: {
    "deepmind": row(NaN, 0),
    "medpy": row("raises", "raises"),
    "metricsreloaded": row(1, 0),
    "monai": row(NaN, 0),
    "nnunet-v1": row("raises", "raises"),
  },
  hausdorff: {
    "deepmind": row(Infinity, Infinity),
    "medpy": row("raises", "raises"),
    "metricsreloaded": row(0, NaN),
    "monai": row(NaN, Infinity),
  },
};

/** The rules that a caller can choose instead of the convention's. */
const CHOSEN: Record<"nan" | "one", Record<keyof EmptyRules, EmptyRow>> = {
  nan: { dice: row(NaN, 0), nsd: row(NaN, 0), hausdorff: row(NaN, NaN) },
  one: { dice: row(1, 0), nsd: row(1, 0), hausdorff: row(0, Infinity) },
};

/** Options of {@linkcode emptyRow}. */
export interface EmptyRowOptions {
  /**
   * Whose rule to take.
   *
   * @default {"convention"}
   */
  empty?: EmptyOption;
}

/**
 * The rule for empty masks of one metric.
 *
 * @example A convention's own rule, and one chosen instead of it
 * ```ts
 * import { emptyRow } from "@mednext/metrics";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(emptyRow("nsd", "deepmind").both, NaN);
 * assertEquals(emptyRow("nsd", "medpy").both, "raises");
 * assertEquals(emptyRow("nsd", "medpy", { empty: "one" }).both, 1);
 * ```
 *
 * @param metric The family of metrics.
 * @param convention A convention of that family.
 * @param options Whose rule to take.
 * @returns What the metric gives in each of the three cases.
 * @throws {RangeError} If the convention or the option is not known.
 */
export function emptyRow(
  metric: keyof EmptyRules,
  convention: string,
  options: EmptyRowOptions = {},
): EmptyRow {
  const { empty = "convention" } = options;
  const rules: Readonly<Record<string, EmptyRow>> = EMPTY_RULES[metric];
  if (!Object.hasOwn(rules, convention)) {
    throw new RangeError(
      `Cannot compute ${metric} as 'convention' must be one of ${
        Object.keys(rules).join(", ")
      }: current value is ${convention}`,
    );
  }
  if (empty === "convention") return rules[convention];
  if (!Object.hasOwn(CHOSEN, empty)) {
    throw new RangeError(
      `Cannot compute ${metric} as 'empty' must be one of convention, nan, one: current value is ${empty}`,
    );
  }
  return CHOSEN[empty][metric];
}
