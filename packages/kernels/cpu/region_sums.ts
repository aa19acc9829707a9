import { type RegionTable, regionTable } from "../region_table.ts";
import { type CpuKernel, rounded } from "./view.ts";

/** The sums that binary cross-entropy and soft Dice of regions are made of. */
export const regionSums: CpuKernel<"RegionSums"> = ({ logits, labels }, attrs) => {
  const [batch, count] = [logits.shape[0], attrs.regions.length];
  const voxels = labels.values.length / batch;
  const sums = new Float64Array(batch * 4 * count);
  const table = regionTable(attrs.regions);
  const rowOf = rowFinder(table);
  for (let v = 0; v < batch * voxels; v++) {
    if (labels.values[v] === attrs.ignored) continue;
    const row = rowOf(labels.values[v]);
    const at = Math.floor(v / voxels) * 4 * count;
    for (let r = 0; r < count; r++) {
      const x = logits.values[v * count + r];
      const isInside = table.values[row + r];
      const small = Math.exp(-Math.abs(x));
      const p = (x >= 0 ? 1 : small) / (1 + small);
      if (isInside) {
        sums[at + r] += p;
        sums[at + 2 * count + r]++;
      }
      sums[at + count + r] += p;
      sums[at + 3 * count + r] += Math.max(x, 0) - x * isInside + Math.log1p(small);
    }
  }
  return [rounded([batch, 4, count], sums)];
};

/** The derivative of the sigmoid, p (1 - p), and of the cross-entropy, p - 1 inside of the region and p outside. */
export const regionSumsGrad: CpuKernel<"RegionSumsGrad"> = ({ logits, labels, dy }, attrs) => {
  const [batch, count] = [logits.shape[0], attrs.regions.length];
  const voxels = labels.values.length / batch;
  const dx = new Float32Array(logits.values.length);
  const table = regionTable(attrs.regions);
  const rowOf = rowFinder(table);
  for (let v = 0; v < batch * voxels; v++) {
    if (labels.values[v] === attrs.ignored) continue;
    const row = rowOf(labels.values[v]);
    const at = Math.floor(v / voxels) * 4 * count;
    for (let r = 0; r < count; r++) {
      const isInside = table.values[row + r];
      const p = 1 / (1 + Math.exp(-logits.values[v * count + r]));
      const slope = dy.values[at + count + r] + isInside * dy.values[at + r];
      dx[v * count + r] = slope * p * (1 - p) + dy.values[at + 3 * count + r] * (p - isInside);
    }
  }
  return [{ shape: [...logits.shape], values: dx }];
};

/** A function from a label to where its row of the table begins. */
function rowFinder({ rows, values }: RegionTable): (label: number) => number {
  const last = rows - 1, width = values.length / rows;
  return (label) => (label >= 0 && label < last ? label : last) * width;
}
