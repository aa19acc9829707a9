import { assert, assertEquals, assertThrows } from "@std/assert";
import type { DiceConvention, HausdorffConvention, SurfaceDiceConvention } from "./conventions.ts";
import {
  DICE_CONVENTIONS,
  HAUSDORFF_CONVENTIONS,
  SURFACE_DICE_CONVENTIONS,
} from "./conventions.ts";
import { dice } from "./dice.ts";
import { emptyRow } from "./empty_rule.ts";
import type { EmptyMasks, EmptyOption } from "./empty_rule.ts";
import type { Triple } from "./grid.ts";
import { hausdorff95 } from "./hausdorff95.ts";
import { surfaceDice } from "./surface_dice.ts";

const nothing = new Uint8Array(8);
const something = new Uint8Array([0, 1, 1, 0, 0, 0, 0, 0]);
const grid = { shape: [2, 2, 2] as Triple, spacing: [1, 1, 1] as Triple };

const masks: Record<EmptyMasks, [Uint8Array, Uint8Array]> = {
  both: [nothing, nothing],
  reference: [nothing, something],
  prediction: [something, nothing],
};

function measure(
  metric: string,
  which: EmptyMasks,
  { convention, empty }: { convention: string; empty?: EmptyOption },
) {
  const [a, b] = masks[which];
  if (metric === "dice") return dice(a, b, { convention: convention as DiceConvention, empty });
  if (metric === "nsd") {
    const options = { ...grid, convention: convention as SurfaceDiceConvention, tolerance: 1 };
    return surfaceDice(a, b, { ...options, empty });
  }
  return hausdorff95(a, b, { ...grid, convention: convention as HausdorffConvention, empty });
}

/** What the tools do: both empty, reference empty, prediction empty. */
const published: Record<string, Record<string, (number | "raises")[]>> = {
  dice: {
    "nnunet": [NaN, 0, 0],
    "deepmind": [NaN, 0, 0],
    "medpy": [NaN, 0, 0],
    "metricsreloaded": [1, 0, 0],
    "monai": [NaN, NaN, 0],
    "monai-keep-empty": [1, 0, 0],
  },
  nsd: {
    "deepmind": [NaN, 0, 0],
    "medpy": ["raises", "raises", "raises"],
    "metricsreloaded": [1, 0, 0],
    "monai": [NaN, 0, 0],
    "nnunet-v1": ["raises", "raises", "raises"],
  },
  hausdorff: {
    "deepmind": [Infinity, Infinity, Infinity],
    "medpy": ["raises", "raises", "raises"],
    "metricsreloaded": [0, NaN, NaN],
    "monai": [NaN, Infinity, Infinity],
  },
};

Deno.test("every convention of every metric has a rule for empty masks", () => {
  const names = Object.values(published).map((rows) => Object.keys(rows));
  assertEquals<unknown>(names, [
    DICE_CONVENTIONS,
    SURFACE_DICE_CONVENTIONS,
    HAUSDORFF_CONVENTIONS,
  ]);
});

for (const [metric, rows] of Object.entries(published)) {
  for (const [convention, row] of Object.entries(rows)) {
    (["both", "reference", "prediction"] as const).forEach((which, i) => {
      Deno.test(`${metric} of ${convention} gives ${row[i]} when empty: ${which}`, () => {
        const expected = row[i];
        if (expected === "raises") {
          const words = which === "both" ? "both masks are empty" : `the ${which} mask is empty`;
          const error = assertThrows(() => measure(metric, which, { convention }), RangeError);
          assertEquals(
            error.message,
            `Cannot compute ${metric} as ${words}: convention ${convention} defines no value; choose one with 'empty': "nan" or "one"`,
          );
        } else {
          const result = measure(metric, which, { convention });
          assert(Object.is(result.value, expected), `${result.value}`);
          assertEquals(result.empty, which);
        }
      });
    });
  }
}

Deno.test("metrics give the chosen value for empty masks when a rule is chosen", () => {
  const chosen = { nan: [[NaN, 0], [NaN, NaN]], one: [[1, 0], [0, Infinity]] };
  for (const [metric, rows] of Object.entries(published)) {
    for (const convention of Object.keys(rows)) {
      for (const empty of ["nan", "one"] as const) {
        const [both, one] = chosen[empty][metric === "hausdorff" ? 1 : 0];
        assertEquals(measure(metric, "both", { convention, empty }).value, both);
        assertEquals(measure(metric, "reference", { convention, empty }).value, one);
        assertEquals(measure(metric, "prediction", { convention, empty }).value, one);
      }
    }
  }
});

Deno.test("emptyRow() throws when the convention or the rule is unknown", () => {
  assertEquals(
    assertThrows(() => emptyRow("hausdorff", "nnunet"), RangeError).message,
    "Cannot compute hausdorff as 'convention' must be one of deepmind, medpy, metricsreloaded, monai: current value is nnunet",
  );
  assertEquals(
    assertThrows(() => emptyRow("dice", "monai", { empty: "zero" as "nan" }), RangeError).message,
    "Cannot compute dice as 'empty' must be one of convention, nan, one: current value is zero",
  );
});
