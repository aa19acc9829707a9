import type { Box } from "./crop/box.ts";
import type { Orientation } from "./orientation.ts";
import type { Triple } from "./volume.ts";

/** How a preprocessed case lies in its image: what is needed to bring a mask back. Plain JSON. */
export interface CaseGeometry {
  /**
   * How the image's axes were reordered, transposition included, with the file's own shape, spacing
   * and affine.
   */
  orientation: Orientation;
  /** The box that was cropped, in the reoriented image. */
  box: Box;
  /** Spacing along D, H, W after reorientation, before resampling, in millimetres. */
  spacing: Triple;
  /** Spacing along D, H, W after resampling, in millimetres. */
  newSpacing: Triple;
  /** Shape along D, H, W after cropping and resampling: the network's grid. */
  shape: Triple;
}
