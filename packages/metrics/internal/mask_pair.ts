import { emptyRow } from "../empty_rule.ts";
import type { EmptyMasks, EmptyOption, EmptyRules } from "../empty_rule.ts";
import type { Grid } from "../grid.ts";
import type { MaskArray } from "../mask_array.ts";
import type { SurfaceDistances } from "../surface_distances.ts";
import { checkMask } from "./check.ts";
import { distancesBetween } from "./distances_between.ts";
import { selectMask } from "./select_mask.ts";

/** The two masks of one label, with the distances between their surfaces computed once when asked for. */
export interface MaskPair {
  reference: number;
  prediction: number;
  intersection: number;
  empty?: EmptyMasks;
  distances(elements: "surfel" | "voxel"): SurfaceDistances;
}

/** Selects a label in both maps. Lengths and grid are checked by the caller. */
export function maskPair(
  reference: MaskArray,
  prediction: MaskArray,
  options: { what: string; labels?: readonly number[]; grid?: Grid; ignored?: Uint8Array },
): MaskPair {
  const { what, labels, grid, ignored } = options;
  const a = selectMask(reference, labels, { what, name: "reference", ignored });
  const b = selectMask(prediction, labels, { what, name: "prediction", ignored });
  let intersection = 0;
  for (let i = 0; i < a.data.length; i++) intersection += a.data[i] & b.data[i];
  const known = new Map<string, SurfaceDistances>();
  return {
    reference: a.count,
    prediction: b.count,
    intersection,
    empty: emptyMasks(a.count, b.count),
    distances(elements) {
      if (grid === undefined) {
        throw new TypeError("Cannot compute surface distances without a grid");
      }
      const distances = known.get(elements) ??
        distancesBetween(a.data, b.data, { ...grid, elements });
      known.set(elements, distances);
      return distances;
    },
  };
}

function emptyMasks(reference: number, prediction: number): EmptyMasks | undefined {
  if (reference === 0) return prediction === 0 ? "both" : "reference";
  return prediction === 0 ? "prediction" : undefined;
}

/** Checks two masks on a grid and selects a label in both. */
export function surfacePair(
  reference: MaskArray,
  prediction: MaskArray,
  options: Grid & { what: string; labels?: readonly number[] },
): MaskPair {
  const { what, labels, shape, spacing } = options;
  checkMask(reference, options, what, "reference");
  checkMask(prediction, options, what, "prediction");
  return maskPair(reference, prediction, { what, labels, grid: { shape, spacing } });
}

/** In words, for messages: which mask is empty. */
export function describeEmpty(empty: EmptyMasks): string {
  return empty === "both" ? "both masks are empty" : `the ${empty} mask is empty`;
}

/** The value for empty masks, or an error where the convention's own tool raises one. */
export function emptyValue(
  metric: keyof EmptyRules,
  convention: string,
  options: { empty: EmptyMasks; rule: EmptyOption; what: string },
): number {
  const value = emptyRow(metric, convention, { empty: options.rule })[options.empty];
  if (value === "raises") {
    throw new RangeError(
      `Cannot ${options.what} as ${
        describeEmpty(options.empty)
      }: convention ${convention} defines no value; choose one with 'empty': "nan" or "one"`,
    );
  }
  return value;
}
