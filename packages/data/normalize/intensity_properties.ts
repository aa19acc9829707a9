import { randomStream } from "../random.ts";
import { describeIntensities } from "./describe_intensities.ts";
import { sampleForeground } from "./sample_foreground.ts";

/** The foreground intensities of one channel over a data set. */
export interface IntensityProperties {
  /** Mean. */
  mean: number;
  /** Median. */
  median: number;
  /** Standard deviation, dividing by the number of samples. */
  standardDeviation: number;
  /** Smallest value. */
  minimum: number;
  /** Largest value. */
  maximum: number;
  /** 0.5 % of the values lie below. */
  percentile005: number;
  /** 99.5 % of the values lie below. */
  percentile995: number;
}

/** One training case as {@linkcode intensityProperties} reads it. */
export interface ForegroundCase {
  /** Voxels over `[D, H, W, channels]`. */
  image: Float32Array;
  /** Labels over `[D, H, W]`. */
  label: ArrayLike<number>;
}

/** Options of {@linkcode intensityProperties}. */
export interface IntensityPropertiesOptions {
  /** How many cases there will be; the samples are shared out evenly. */
  cases: number;
  /** Values in each voxel. @default {1} */
  channels?: number;
  /** Samples for each channel over all cases: the bound on memory. @default {10000000} */
  samples?: number;
  /** Seed of the samples. @default {1234} */
  seed?: number;
}

/**
 * Describes the foreground intensities (label > 0) of a data set, for the `ct` normalisation.
 *
 * As nnU-Net's fingerprint (`dataset_fingerprint/fingerprint_extractor.py`): each case gives the
 * same number of samples, drawn with replacement from its foreground; the numbers describe the
 * pool of all samples. Cases without foreground give none. nnU-Net draws 100 million samples in
 * all, this function ten million unless told. NaN and infinite values count as 0.
 *
 * @example
 * ```ts
 * import { intensityProperties } from "@mednext/data/intensity-properties";
 * import { assertEquals } from "@std/assert";
 *
 * const image = Float32Array.of(-1000, 40, 40), label = Uint8Array.of(0, 1, 1);
 * const [ct] = await intensityProperties([{ image, label }], { cases: 1, samples: 100 });
 * assertEquals(ct.mean, 40);
 * ```
 *
 * @param cases The training cases, one at a time.
 * @param options Number of cases, channels, samples and seed.
 * @returns One description for each channel.
 * @throws {RangeError} If no case has foreground.
 */
export async function intensityProperties(
  cases: Iterable<ForegroundCase> | AsyncIterable<ForegroundCase>,
  options: IntensityPropertiesOptions,
): Promise<IntensityProperties[]> {
  const { channels = 1, samples = 10_000_000, seed = 1234 } = options;
  const perCase = Math.max(1, Math.floor(samples / Math.max(1, options.cases)));
  const found: Float32Array[][] = [];
  for await (const source of cases) {
    if (found.length === options.cases) {
      throw new RangeError(
        `Cannot describe foreground intensities: expected ${options.cases} cases, found more`,
      );
    }
    const stream = randomStream(seed, "intensity properties", found.length);
    found.push(sampleForeground(source, { channels, samples: perCase, stream }));
  }
  return describeIntensities(found);
}
