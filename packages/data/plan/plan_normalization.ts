import type {
  DatasetFingerprint,
  IntensityStatistics,
} from "../fingerprint/dataset_fingerprint.ts";
import type { ChannelNormalization, NormalizationScheme } from "../normalize.ts";
import type { IntensityProperties } from "../normalize/intensity_properties.ts";
import { normalizationScheme } from "../normalize/normalization_scheme.ts";

/** Below this relative size after cropping, `zscore` looks inside the nonzero mask alone. */
export const MASK_BELOW = 3 / 4;

/**
 * How each channel is normalised: by its name, and with the mask rule of nnU-Net
 * (`determine_normalization_scheme_and_whether_mask_is_used_for_norm`): where cropping removes more than a
 * quarter of the median image, `zscore` takes its statistics inside the nonzero mask.
 *
 * @example
 * ```ts
 * import { type DatasetFingerprint, planNormalization } from "@mednext/data";
 * import { assertEquals } from "@std/assert";
 *
 * const fingerprint: DatasetFingerprint = {
 *   spacings: [[1, 1, 1]],
 *   shapes_after_crop: [[100, 80, 80]],
 *   foreground_intensity_properties_per_channel: {},
 *   median_relative_size_after_cropping: 0.5,
 *   case_ids: ["a"],
 *   shapes: [[160, 100, 80]],
 *   class_voxels: {},
 * };
 * assertEquals(planNormalization(fingerprint, { channelNames: ["T1"] }), [
 *   { scheme: "zscore", insideMask: true },
 * ]);
 * ```
 *
 * @param fingerprint The data set's fingerprint.
 * @param options Names of the channels, and their schemes where these are not to be chosen by name.
 * @returns One normalisation for each channel.
 * @throws {RangeError} If there is not a scheme for each channel, or a CT channel has no intensities.
 */
export function planNormalization(
  fingerprint: DatasetFingerprint,
  { channelNames, schemes }: { channelNames: string[]; schemes?: NormalizationScheme[] },
): ChannelNormalization[] {
  const chosen = schemes ?? channelNames.map(normalizationScheme);
  if (chosen.length !== channelNames.length) {
    throw new RangeError(
      `Cannot plan the normalisation: expected a scheme for each of the channels ${
        channelNames.join(", ")
      }, found ${chosen.join(", ")}`,
    );
  }
  const insideMask = fingerprint.median_relative_size_after_cropping < MASK_BELOW;
  return chosen.map((scheme, channel) => {
    if (scheme === "zscore") return { scheme, insideMask };
    if (scheme !== "ct") return { scheme };
    const found = fingerprint.foreground_intensity_properties_per_channel[channel];
    if (found === undefined) {
      throw new RangeError(
        `Cannot plan the normalisation of channel ${channel} (${
          channelNames[channel]
        }): expected ` +
          "intensities of a case with a label above 0, found none",
      );
    }
    return { scheme, properties: intensityPropertiesOf(found) };
  });
}

function intensityPropertiesOf(found: IntensityStatistics): IntensityProperties {
  return {
    mean: found.mean,
    median: found.median,
    standardDeviation: found.std,
    minimum: found.min,
    maximum: found.max,
    percentile005: found.percentile_00_5,
    percentile995: found.percentile_99_5,
  };
}
