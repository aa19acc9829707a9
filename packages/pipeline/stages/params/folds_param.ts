import type { JsonSchema } from "../../stage.ts";

/** Schema of the parameter `folds` of stages that take masks of several folds. */
export const foldsParam: JsonSchema = {
  type: "array",
  minItems: 1,
  uniqueItems: true,
  items: { type: "integer", minimum: 0 },
  description: "The folds of `splits` whose validation cases must all be there; all if left out",
};

/** Refuses folds without splits to look them up in. */
export function checkFolds(
  folds: readonly number[] | undefined,
  inputs: ReadonlyMap<string, number>,
): void {
  if (folds !== undefined && !inputs.has("splits")) {
    throw new RangeError(
      `Cannot choose the folds ${folds.join(", ")} as the input 'splits' is not given`,
    );
  }
}
