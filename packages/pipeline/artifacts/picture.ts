/**
 * A picture of one case: image, truth and mask side by side, in three planes.
 * @module
 */
import { encode } from "fast-png";

/** What is shown; every array is in C order over `shape`. */
export interface PictureLayers {
  /** Intensities. */
  image: ArrayLike<number>;
  /** Label of each voxel by the reference; left out when there is none. */
  truth?: ArrayLike<number>;
  /** Label of each voxel by the network. */
  mask: ArrayLike<number>;
}

/** The grid of a picture's layers. */
export interface PictureGrid {
  /** Voxels along D, H, W: z from feet to head, y from back to front, x from left to right (RAS). */
  shape: [number, number, number];
  /** Millimetres along D, H, W. */
  spacing: [number, number, number];
}

type Color = [number, number, number];

/** Colours that stay apart for colour-blind readers (Okabe and Ito), repeated after the last. */
const LABEL_COLORS: Color[] = [
  [230, 159, 0],
  [86, 180, 233],
  [0, 158, 115],
  [240, 228, 66],
  [213, 94, 0],
  [204, 121, 167],
  [0, 114, 178],
];
const OPACITY = 0.55;
const GAP = 4;
const PANEL_PIXELS = 240;

/** One plane: which axis it cuts, and which axes run down and across the picture, both flipped or not. */
interface Plane {
  cut: 0 | 1 | 2;
  down: 0 | 1 | 2;
  across: 0 | 1 | 2;
}

// Head and nose up; the patient's left is on the right of the picture, as radiologists expect.
const PLANES: Plane[] = [
  { cut: 0, down: 1, across: 2 },
  { cut: 1, down: 0, across: 2 },
  { cut: 2, down: 0, across: 1 },
];

/**
 * Draws a case as PNG: one row for each plane (axial, coronal, sagittal), each through the slice that
 * shows most of the labels; columns are image, truth (where there is one) and mask.
 *
 * @param layers The image and its labels, in RAS order.
 * @param grid Shape and spacing of all layers.
 * @returns The bytes of the PNG file.
 */
export function renderPicture(layers: PictureLayers, grid: PictureGrid): Uint8Array {
  const columns = [undefined, ...(layers.truth ? [layers.truth] : []), layers.mask];
  const window = intensityWindow(layers.image);
  const rows = PLANES.map((plane) => {
    const slice = busiestSlice(layers.truth ?? layers.mask, plane.cut, grid.shape);
    return columns.map((labels) =>
      drawPanel({ ...layers, labels }, { plane, slice, window, grid })
    );
  });
  return encode(paste(rows));
}

interface Panel {
  width: number;
  height: number;
  data: Uint8Array;
}

interface View {
  plane: Plane;
  slice: number;
  window: [number, number];
  grid: PictureGrid;
}

function drawPanel(
  { image, labels }: { image: ArrayLike<number>; labels?: ArrayLike<number> },
  { plane: { cut, down, across }, slice, window: [low, high], grid: { shape, spacing } }: View,
): Panel {
  const extent = [shape[down] * spacing[down], shape[across] * spacing[across]];
  const scale = PANEL_PIXELS / Math.max(...extent);
  const [height, width] = extent.map((millimetres) => Math.max(1, Math.round(millimetres * scale)));
  const data = new Uint8Array(width * height * 3);
  const index: [number, number, number] = [0, 0, 0];
  index[cut] = slice;
  for (let row = 0; row < height; row++) {
    index[down] = shape[down] - 1 - Math.floor((row * shape[down]) / height);
    for (let column = 0; column < width; column++) {
      index[across] = shape[across] - 1 - Math.floor((column * shape[across]) / width);
      const voxel = (index[0] * shape[1] + index[1]) * shape[2] + index[2];
      const grey = 255 * Math.min(1, Math.max(0, (image[voxel] - low) / (high - low)));
      const label = labels?.[voxel] ?? 0;
      const color = label > 0 ? LABEL_COLORS[(label - 1) % LABEL_COLORS.length] : undefined;
      for (let c = 0; c < 3; c++) {
        const value = color ? grey * (1 - OPACITY) + color[c] * OPACITY : grey;
        data[(row * width + column) * 3 + c] = Math.round(value);
      }
    }
  }
  return { width, height, data };
}

/** The 1st and 99th percentile of the image, so that single bright voxels do not darken the rest. */
function intensityWindow(image: ArrayLike<number>): [number, number] {
  const step = Math.max(1, Math.floor(image.length / 100_000));
  const sample: number[] = [];
  for (let i = 0; i < image.length; i += step) {
    if (Number.isFinite(image[i])) sample.push(image[i]);
  }
  sample.sort((a, b) => a - b);
  const low = sample[Math.floor(0.01 * (sample.length - 1))] ?? 0;
  const high = sample[Math.floor(0.99 * (sample.length - 1))] ?? 1;
  return high > low ? [low, high] : [low, low + 1];
}

/** The slice along an axis that holds most labelled voxels; the middle where there are none. */
function busiestSlice(
  labels: ArrayLike<number>,
  axis: 0 | 1 | 2,
  shape: [number, number, number],
): number {
  const counts = new Float64Array(shape[axis]);
  const index = [0, 0, 0];
  let voxel = 0;
  for (index[0] = 0; index[0] < shape[0]; index[0]++) {
    for (index[1] = 0; index[1] < shape[1]; index[1]++) {
      for (index[2] = 0; index[2] < shape[2]; index[2]++) {
        if (labels[voxel++] > 0) counts[index[axis]]++;
      }
    }
  }
  const most = counts.reduce((best, count) => Math.max(best, count), 0);
  return most > 0 ? counts.indexOf(most) : shape[axis] >> 1;
}

/** Puts rows of panels onto one dark picture. */
function paste(rows: Panel[][]) {
  const widths = rows.map((row) => row.reduce((sum, panel) => sum + panel.width + GAP, GAP));
  const heights = rows.map((row) => Math.max(...row.map((panel) => panel.height)));
  const width = Math.max(...widths);
  const height = heights.reduce((sum, value) => sum + value + GAP, GAP);
  const data = new Uint8Array(width * height * 3).fill(24);
  let top = GAP;
  rows.forEach((row, r) => {
    let left = GAP;
    for (const panel of row) {
      for (let y = 0; y < panel.height; y++) {
        const line = panel.data.subarray(y * panel.width * 3, (y + 1) * panel.width * 3);
        data.set(line, ((top + y) * width + left) * 3);
      }
      left += panel.width + GAP;
    }
    top += heights[r] + GAP;
  });
  return { width, height, data, channels: 3, depth: 8 as const };
}
