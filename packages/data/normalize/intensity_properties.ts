import { type RandomStream, randomStream } from "../random.ts";
import { percentile } from "./percentile.ts";
import { replaceNonFinite } from "./replace_non_finite.ts";

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
  const pools = Array.from({ length: channels }, () => new Float32Array(perCase * options.cases));
  let filled = 0, index = 0;
  for await (const { image, label } of cases) {
    const foreground = foregroundVoxels(label);
    const stream = randomStream(seed, "intensity properties", index++);
    if (foreground.length === 0) continue;
    if (filled + perCase > pools[0].length) {
      throw new RangeError(
        `Cannot describe foreground intensities: expected ${options.cases} cases, found more`,
      );
    }
    sampleInto(pools, { image, foreground, stream, from: filled, to: filled + perCase });
    filled += perCase;
  }
  if (filled === 0) {
    throw new RangeError(
      `Cannot describe foreground intensities: none of ${index} cases has a label above 0`,
    );
  }
  return pools.map((pool) => describe(pool.subarray(0, filled)));
}

function foregroundVoxels(label: ArrayLike<number>): Int32Array {
  let count = 0;
  for (let i = 0; i < label.length; i++) if (label[i] > 0) count++;
  const voxels = new Int32Array(count);
  for (let i = 0, at = 0; i < label.length; i++) if (label[i] > 0) voxels[at++] = i;
  return voxels;
}

function sampleInto(
  pools: Float32Array[],
  { image, foreground, stream, from, to }: {
    image: Float32Array;
    foreground: Int32Array;
    stream: RandomStream;
    from: number;
    to: number;
  },
): void {
  for (let at = from; at < to; at++) {
    const voxel = foreground[stream.integer(foreground.length)] * pools.length;
    for (let c = 0; c < pools.length; c++) pools[c][at] = image[voxel + c];
  }
  for (const pool of pools) replaceNonFinite(pool.subarray(from, to));
}

function describe(values: Float32Array): IntensityProperties {
  values.sort();
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return {
    mean,
    median: percentile(values, 50),
    standardDeviation: Math.sqrt(squares / values.length),
    minimum: values[0],
    maximum: values[values.length - 1],
    percentile005: percentile(values, 0.5),
    percentile995: percentile(values, 99.5),
  };
}
