/** Which regions each label is in. */
export interface RegionTable {
  /** One row for each label from 0, and a last one for all others, which are in none. */
  rows: number;
  /** `[rows, regions]`: 1 where the label is in the region, else 0. */
  values: Uint8Array;
}

/** The table of regions that are given as lists of labels. */
export function regionTable(regions: readonly (readonly number[])[]): RegionTable {
  const rows = 2 + regions.flat().reduce((most, label) => Math.max(most, label), -1);
  const values = new Uint8Array(rows * regions.length);
  regions.forEach((region, r) => {
    for (const label of region) values[label * regions.length + r] = 1;
  });
  return { rows, values };
}
