import { runKernel } from "../run_kernel.ts";
import { tf } from "../tf.ts";
import { checkLabelled, ignoredAttr } from "./labelled.ts";

/** Settings of {@linkcode regionSums}. */
export interface RegionSumsOptions {
  /** The labels of each region; a label may be in several of them or in none. */
  regions: readonly (readonly number[])[];
  /** The label of voxels that are in no sum and have no gradient. All count if left out. */
  ignored?: number;
}

/**
 * The sums that binary cross-entropy and soft Dice of regions are made of, for each image and region, in one pass over
 * the logits; the gradient is another pass. Neither keeps a sigmoid or a one-hot target in memory.
 *
 * @example Two regions, one inside of the other
 * ```ts
 * import { regionSums, tf } from "@mednext/kernels";
 * import { assertEquals } from "@std/assert";
 *
 * const logits = tf.zeros([1, 1, 1, 4, 2]);
 * const labels = tf.tensor([0, 1, 2, 2], [1, 1, 1, 4], "int32");
 * const sums = regionSums(logits, labels, { regions: [[1, 2], [2]] });
 * const [inside, everywhere, voxels] = tf.unstack(sums, 1).map((row) => [...row.dataSync()]);
 * assertEquals([inside, everywhere, voxels], [[1.5, 1], [2, 2], [3, 2]]);
 * ```
 *
 * @param logits `[N, D, H, W, R]`, float32, before the sigmoid.
 * @param labels `[N, D, H, W]`, whole numbers; no gradient goes there.
 * @param options The regions, and which voxels do not count.
 * @returns `[N, 4, R]`. For each region: the sigmoid probability summed over its voxels; over all voxels; the number of
 *   its voxels; and the binary cross-entropy summed over all voxels.
 * @throws {TypeError} If the logits are not float32.
 * @throws {RangeError} If the shapes do not fit, there is not one region for each logit, or a label is no whole number from 0.
 */
export function regionSums(
  logits: tf.Tensor,
  labels: tf.Tensor,
  options: RegionSumsOptions,
): tf.Tensor3D {
  const op = "regionSums";
  checkLabelled(op, logits, labels);
  const regions = options.regions.map((region) => [...region]);
  if (regions.length !== logits.shape[4]) {
    throw new RangeError(
      `Cannot compute ${op}: expected a region for each of ${
        logits.shape[4]
      } logits, found ${regions.length}`,
    );
  }
  const wrong = regions.flat().find((label) => !Number.isInteger(label) || label < 0);
  if (wrong !== undefined) {
    throw new RangeError(
      `Cannot compute ${op}: expected labels of regions to be whole numbers from 0, found ${wrong}`,
    );
  }
  const attrs = { regions, ...ignoredAttr(op, options) };
  return tf.tidy(() =>
    runKernel("RegionSums", { logits, labels: tf.cast(labels, "int32") }, attrs)
  ) as tf.Tensor3D;
}
