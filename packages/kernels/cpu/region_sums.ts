import type { RegionAttrs } from "../kernel_types.ts";
import { type CpuKernel, rounded } from "./view.ts";

/** The sums that binary cross-entropy and soft Dice of regions are made of. */
export const regionSums: CpuKernel<"RegionSums"> = ({ logits, labels }, attrs) => {
  const [batch, count] = [logits.shape[0], attrs.regions.length];
  const voxels = labels.values.length / batch;
  const sums = new Float64Array(batch * 4 * count);
  const membership = membershipOf(attrs);
  for (let v = 0; v < batch * voxels; v++) {
    if (labels.values[v] === attrs.ignored) continue;
    const row = membership.rowOf(labels.values[v]);
    const at = Math.floor(v / voxels) * 4 * count;
    for (let r = 0; r < count; r++) {
      const x = logits.values[v * count + r];
      const isInside = membership.table[row + r];
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
  const membership = membershipOf(attrs);
  for (let v = 0; v < batch * voxels; v++) {
    if (labels.values[v] === attrs.ignored) continue;
    const row = membership.rowOf(labels.values[v]);
    const at = Math.floor(v / voxels) * 4 * count;
    for (let r = 0; r < count; r++) {
      const isInside = membership.table[row + r];
      const p = 1 / (1 + Math.exp(-logits.values[v * count + r]));
      const slope = dy.values[at + count + r] + isInside * dy.values[at + r];
      dx[v * count + r] = slope * p * (1 - p) + dy.values[at + 3 * count + r] * (p - isInside);
    }
  }
  return [{ shape: [...logits.shape], values: dx }];
};

/** Which regions a label is in: a row of ones and zeros for each label, the last for those in none. */
function membershipOf({ regions }: RegionAttrs) {
  const labels = 1 + regions.flat().reduce((most, label) => Math.max(most, label), -1);
  const table = new Uint8Array((labels + 1) * regions.length);
  regions.forEach((region, r) => {
    for (const label of region) table[label * regions.length + r] = 1;
  });
  const rowOf = (label: number) => (label >= 0 && label < labels ? label : labels) * regions.length;
  return { table, rowOf };
}
