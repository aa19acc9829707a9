import type { TensorInfo } from "@tensorflow/tfjs";
import type { DeviceBackend } from "../backend.ts";
import { partsOf } from "./column_sums.ts";
import { LANE_WGSL, laneGroups, LANES_WGSL } from "./lanes_wgsl.ts";
import { sizeOf } from "./webgpu_kernel.ts";

/**
 * Mean and 1 / sqrt(variance + epsilon) of each channel of each image, in one pass over x.
 *
 * Each part sums differences from its own first value, so that a mean far from 0 costs no digits; the
 * parts are put together by the formula of Chan, Golub and LeVeque.
 */
export function channelStatistics(
  backend: DeviceBackend,
  { name, x, epsilon }: { name: string; x: TensorInfo; epsilon: number },
): { mean: TensorInfo; reciprocalStd: TensorInfo } {
  const [images, columns] = [x.shape[0], x.shape[4]];
  const rows = sizeOf(x.shape) / (images * columns);
  const parts = partsOf({ rows, columns: images * columns });
  const partial = backend.output([parts, images, columns, 2]);
  backend.run({
    name,
    inputs: { x },
    outputs: { partial },
    sizes: { images, rows, columns, parts },
    invocations: parts * images * columns,
    body: `
  let column = index % p.columns;
  let part = index / p.columns % p.parts;
  let image = index / (p.columns * p.parts);
  let base = image * p.rows * p.columns + column;
  let first = x[base + part * p.columns];
  var sum = 0.0;
  var squares = 0.0;
  for (var row = part; row < p.rows; row += p.parts) {
    let value = x[base + row * p.columns] - first;
    sum += value;
    squares += value * value;
  }
  let count = f32((p.rows - part - 1) / p.parts + 1);
  let at = ((part * p.images + image) * p.columns + column) * 2;
  partial[at] = first + sum / count;
  partial[at + 1] = squares - sum * (sum / count);`,
  });
  const mean = backend.output([images, columns]);
  const reciprocalStd = backend.output([images, columns]);
  backend.run({
    name,
    inputs: { partial },
    outputs: { mean, reciprocalStd },
    sizes: { rows, parts, columns: images * columns },
    numbers: { epsilon },
    ...laneGroups(images * columns),
    declarations: LANES_WGSL,
    body: `${LANE_WGSL}
  // Invocations without a column do as the last one's, as all must come to sum_lanes().
  let place = min(column, p.columns - 1);
  let first = partial[place * 2];
  var sum = 0.0;
  for (var part = lane; part < p.parts; part += LANES) {
    let count = f32((p.rows - part - 1) / p.parts + 1);
    sum += count * (partial[(part * p.columns + place) * 2] - first);
  }
  let average = first + sum_lanes(local, sum) / f32(p.rows);
  var squares = 0.0;
  for (var part = lane; part < p.parts; part += LANES) {
    let count = f32((p.rows - part - 1) / p.parts + 1);
    let at = (part * p.columns + place) * 2;
    let distance = partial[at] - average;
    squares += partial[at + 1] + count * distance * distance;
  }
  squares = sum_lanes(local, squares);
  if (lane > 0 || column >= p.columns) { return; }
  mean[column] = average;
  reciprocalStd[column] = 1.0 / sqrt(squares / f32(p.rows) + p.epsilon);`,
  });
  backend.release(partial);
  return { mean, reciprocalStd };
}
