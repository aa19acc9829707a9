import type { LabelDefinition } from "../label_definition.ts";
import type { MaskArray } from "../mask_array.ts";
import { show } from "./check.ts";
import { selectMask } from "./select_mask.ts";

/** The voxels of the reference that count nowhere, if a value says so. */
export function ignoredVoxels(
  reference: MaskArray,
  { ignore, labels }: { ignore?: number; labels: readonly LabelDefinition[] },
  what: string,
): { mask?: Uint8Array; count: number } {
  if (ignore === undefined) return { count: 0 };
  const label = labels.find(({ values }) => values.includes(ignore));
  if (label !== undefined) {
    throw new RangeError(
      `Cannot ${what} as the values of a label must not be 'ignore': current value of ${
        show(label.name)
      } is ${show([...label.values])}`,
    );
  }
  const { data: mask, count } = selectMask(reference, [ignore], { what, name: "reference" });
  return { mask, count };
}
