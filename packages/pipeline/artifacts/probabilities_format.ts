/**
 * Class probabilities of a case, `ID.zarr` beside its mask: a Zarr v3 group.
 *
 *     zarr.json        the attributes below
 *     probabilities    float16 [D, H, W, class] of a box in the grid of the image's file, axes z, y, x, class
 *
 * The array has the axes of the file as they are stored (x the fastest before class), neither reoriented nor
 * resampled: `box` says where it lies, and everything outside of it is background. So the probabilities
 * of models that were trained on other spacings or orientations can be averaged value by value.
 * @module
 */
import type { Box, Grid } from "@mednext/data";
import { join } from "@std/path";
import type { JsonSchema } from "../stage.ts";

/** Name of the array in the group. */
export const ARRAY = "probabilities";
/** Names of its axes. */
export const AXES = ["z", "y", "x", "class"];
/** Marks the group. */
export const FORMAT = "mednext-probabilities";
/** Version of this layout. */
export const VERSION = 1;

/** Softmax: the classes of a voxel add up to 1. Sigmoid: each region is a question of its own. */
export type Activation = "softmax" | "sigmoid";

/** What the group says of itself. */
export interface ProbabilitiesAttributes {
  /** Marks the group. */
  format: typeof FORMAT;
  /** Version of this layout. */
  version: typeof VERSION;
  /** What made the probabilities. */
  activation: Activation;
  /** Names of the classes or regions, in the order of the last axis. */
  classes: string[];
  /** Shape, spacing and affine of the image: D, H, W as the file stores them. */
  grid: Grid;
  /** Which voxels of the image the array holds. */
  box: Box;
}

/** Where the probabilities of a case lie in a folder of masks. */
export function probabilitiesPath(folder: string, id: string): string {
  return join(folder, `${id}.zarr`);
}

const triple = (items: JsonSchema): JsonSchema => ({
  type: "array",
  items,
  minItems: 3,
  maxItems: 3,
});
const size = triple({ type: "integer", minimum: 1 });
const index = triple({ type: "integer", minimum: 0 });

/** JSON Schema of the attributes. */
export const PROBABILITIES_SCHEMA: JsonSchema = {
  type: "object",
  required: ["format", "version", "activation", "classes", "grid", "box"],
  properties: {
    format: { const: FORMAT },
    version: { const: VERSION },
    activation: { enum: ["softmax", "sigmoid"] },
    classes: { type: "array", minItems: 1, items: { type: "string" } },
    grid: {
      type: "object",
      required: ["shape", "spacing", "affine"],
      properties: {
        shape: size,
        spacing: triple({ type: "number", exclusiveMinimum: 0 }),
        affine: { type: "array", items: { type: "number" }, minItems: 16, maxItems: 16 },
      },
    },
    box: {
      type: "object",
      required: ["start", "stop"],
      properties: { start: index, stop: size },
    },
  },
};
