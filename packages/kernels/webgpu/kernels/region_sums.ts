import type { TensorInfo } from "@tensorflow/tfjs";
import type { RegionAttrs } from "../../kernel_types.ts";
import type { DeviceBackend } from "../backend.ts";
import { columnSums } from "./column_sums.ts";
import { skipIgnored } from "./labels_wgsl.ts";
import { sizeOf, type WebgpuKernel } from "./webgpu_kernel.ts";

/** 1 if a label is in a region, else 0; the last row of the table is for labels that are in none. */
const INSIDE_WGSL = `
fn inside(label: i32, region: u32) -> f32 {
  let last = i32(arrayLength(&members) / p.columns) - 1;
  let row = select(last, label, label >= 0 && label < last);
  return f32(members[u32(row) * p.columns + region]);
}`;

export const regionSums: WebgpuKernel<"RegionSums"> = (backend, { logits, labels }, attrs) => {
  const [images, columns] = [logits.shape[0], attrs.regions.length];
  const members = membersOf(backend, attrs);
  const sums = columnSums(backend, {
    name: "RegionSums",
    inputs: { logits, labels, members },
    ...{ images, rows: sizeOf(labels.shape) / images, columns, sums: 4 },
    declarations: INSIDE_WGSL,
    add: `
    ${skipIgnored(attrs.ignored, "continue;")}
    let x = logits[at];
    let isInside = inside(labels[row], column);
    let small = exp(-abs(x));
    let probability = select(small, 1.0, x >= 0.0) / (1.0 + small);
    sum[0] += probability * isInside;
    sum[1] += probability;
    sum[2] += isInside;
    sum[3] += max(x, 0.0) - x * isInside + log(1.0 + small);`,
  });
  backend.release(members);
  return sums;
};

/** The derivative of the sigmoid, p (1 - p), and of the cross-entropy, p - 1 inside of the region and p outside. */
export const regionSumsGrad: WebgpuKernel<"RegionSumsGrad"> = (
  backend,
  { logits, labels, dy },
  attrs,
) => {
  const [images, columns] = [logits.shape[0], attrs.regions.length];
  const members = membersOf(backend, attrs);
  const dx = backend.output(logits.shape);
  backend.run({
    name: "RegionSumsGrad",
    inputs: { logits, labels, dy, members },
    outputs: { dx },
    sizes: { columns, rows: sizeOf(labels.shape) / images },
    invocations: sizeOf(logits.shape),
    declarations: INSIDE_WGSL,
    body: `
  let row = index / p.columns;
  let column = index % p.columns;
  ${skipIgnored(attrs.ignored, "dx[index] = 0.0; return;")}
  let isInside = inside(labels[row], column);
  let small = exp(-abs(logits[index]));
  let probability = select(small, 1.0, logits[index] >= 0.0) / (1.0 + small);
  let slopes = row / p.rows * 4 * p.columns + column;
  let slope = dy[slopes + p.columns] + isInside * dy[slopes];
  dx[index] = slope * (small / ((1.0 + small) * (1.0 + small))) +
    dy[slopes + 3 * p.columns] * (probability - isInside);`,
  });
  backend.release(members);
  return dx;
};

/** Which regions a label is in: a row of ones and zeros for each label, and a row of zeros. */
function membersOf(backend: DeviceBackend, { regions }: RegionAttrs): TensorInfo {
  const labels = 1 + regions.flat().reduce((most, label) => Math.max(most, label), -1);
  const table = new Int32Array((labels + 1) * regions.length);
  regions.forEach((region, r) => {
    for (const label of region) table[label * regions.length + r] = 1;
  });
  return backend.makeTensorInfo([labels + 1, regions.length], "int32", table);
}
