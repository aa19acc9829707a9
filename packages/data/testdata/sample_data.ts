/** Where the sample data lie beside a checkout; most machines have none. */
export const DATA: URL = new URL("../../../../shared/data/", import.meta.url);

/** True where a folder of the sample data is there. */
export function hasData(folder: string): boolean {
  try {
    return Deno.statSync(new URL(folder, DATA)).isDirectory;
  } catch {
    return false;
  }
}

/** Every file below a folder, as paths from the sample data's root, sorted. */
export function filesBelow(folder: string): string[] {
  const entries = [...Deno.readDirSync(new URL(folder, DATA))];
  return entries.flatMap(({ name, isDirectory }) =>
    isDirectory ? filesBelow(`${folder}/${name}`) : [`${folder}/${name}`]
  ).sort();
}

/** What the generator saw of an array's values. */
export interface Probe {
  nan: number;
  infinite: number;
  min: number;
  max: number;
  sum: number;
  absoluteSum: number;
  placeSum: number;
  voxels: [index: number, value: number | null][];
}

/** The same of an array in memory. */
export function probe(values: ArrayLike<number>, picks: number[]): Probe {
  let [nan, infinite, min, max] = [0, 0, Infinity, -Infinity];
  let [sum, absoluteSum, placeSum] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    let value = values[i];
    if (value - value !== 0) { // Only NaN and the infinities are not zero here.
      if (value !== value) nan++;
      else infinite++;
      value = 0;
    }
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    absoluteSum += Math.abs(value);
    placeSum += value * (i % 251);
  }
  if (values.length === 0) [min, max] = [0, 0];
  const voxels = picks.map((i): [number, number | null] => [
    i,
    Number.isFinite(values[i]) ? values[i] : null,
  ]);
  return { nan, infinite, min, max, sum, absoluteSum, placeSum, voxels };
}

/** Differences between two probes beyond the rounding of float32 values and of sums. */
export function probeDifferences(actual: Probe, expected: Probe): string[] {
  const scale = expected.absoluteSum;
  const largest = Math.max(Math.abs(expected.min), Math.abs(expected.max));
  const rows: [string, number, number, number][] = [
    ["nan", actual.nan, expected.nan, 0],
    ["infinite", actual.infinite, expected.infinite, 0],
    ["min", actual.min, expected.min, 1e-7 * largest],
    ["max", actual.max, expected.max, 1e-7 * largest],
    ["sum", actual.sum, expected.sum, 1e-7 * scale],
    ["absoluteSum", actual.absoluteSum, expected.absoluteSum, 1e-7 * scale],
    ["placeSum", actual.placeSum, expected.placeSum, 1e-7 * 250 * scale],
    ...expected.voxels.map(([i, value], n): [string, number, number, number] => [
      `voxel ${i}`,
      actual.voxels[n][1] ?? Infinity,
      value ?? Infinity,
      1e-7 * largest,
    ]),
  ];
  return rows
    .filter(([, a, b, tolerance]) => a !== b && !(Math.abs(a - b) <= tolerance))
    .map(([name, a, b]) => `${name} is ${a}, not ${b}`);
}
