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
        }): expected its ` +
          `foreground intensities in the fingerprint, found none`,
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
