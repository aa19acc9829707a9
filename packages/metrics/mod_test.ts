import { assertEquals } from "@std/assert";
import * as metrics from "./mod.ts";

const NAMES = [
  "DICE_CONVENTIONS",
  "EMPTY_RULES",
  "HAUSDORFF_CONVENTIONS",
  "SURFACE_DICE_CONVENTIONS",
  "bootstrapInterval",
  "compareRuns",
  "dice",
  "distanceTransform",
  "emptyRow",
  "evaluateCase",
  "hausdorff",
  "hausdorff95",
  "holmCorrection",
  "nnunetSummary",
  "parseMetricSpec",
  "parseMetricSpecs",
  "summarize",
  "surfaceDice",
  "surfaceDistances",
  "surfelAreas",
  "wilcoxonSignedRank",
];

Deno.test("mod.ts exports these names and no others", () => {
  assertEquals(Object.keys(metrics).toSorted(), NAMES);
});
