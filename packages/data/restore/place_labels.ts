import type { CaseGeometry } from "../case_geometry.ts";
import { copyIntoBox } from "../crop/copy_box.ts";
import { fromCanonical } from "../from_canonical.ts";
import type { Volume } from "../volume.ts";

type Classes = Uint8Array | Uint16Array | Int16Array | Int32Array;

/**
 * Writes the label value of each voxel of the box into an image of background, in the smallest kind of
 * array that holds the values, and brings that back to the file's own grid.
 */
export function placeLabels(
  classes: Classes,
  { orientation, box, spacing }: CaseGeometry,
  values: readonly number[],
): Volume {
  const { shape, affine } = orientation.canonical;
  const largest = values.reduce((most, value) => Math.max(most, value), 0);
  const Kind = largest < 2 ** 8 ? Uint8Array : largest < 2 ** 16 ? Uint16Array : Int32Array;
  const labels = new Kind(classes.length);
  for (let i = 0; i < labels.length; i++) labels[i] = values[classes[i]];
  const whole = new Kind(shape[0] * shape[1] * shape[2]).fill(values[0]);
  const data = copyIntoBox(labels, whole, { shape, box });
  return fromCanonical({ data, shape, channels: 1, spacing, affine }, orientation);
}
