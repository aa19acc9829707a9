import { spatialSize } from "../output_size.ts";
import { neighbours } from "../trilinear_neighbours.ts";
import { type CpuKernel, rounded } from "./view.ts";

/** Trilinear interpolation with half-pixel centres; what lies outside is the edge. */
export const resizeTrilinear: CpuKernel<"ResizeTrilinear"> = ({ x }, { size }) => {
  const [batch, , , , channels] = x.shape;
  const shape = [batch, ...size, channels];
  const y = new Float64Array(shape.reduce((a, b) => a * b));
  forEachCorner(x.shape, shape, (input, output, weight) => {
    for (let c = 0; c < channels; c++) {
      y[output * channels + c] += weight * x.values[input * channels + c];
    }
  });
  return [rounded(shape, y)];
};

/** The adjoint: every output gives its gradient back to the eight voxels that it was made of. */
export const resizeTrilinearGrad: CpuKernel<"ResizeTrilinearGrad"> = ({ dy }, { inputShape }) => {
  const channels = inputShape[4];
  const dx = new Float64Array(inputShape.reduce((a, b) => a * b));
  forEachCorner(inputShape, dy.shape, (input, output, weight) => {
    for (let c = 0; c < channels; c++) {
      dx[input * channels + c] += weight * dy.values[output * channels + c];
    }
  });
  return [rounded(inputShape, dx)];
};

/** Calls `visit` with every output voxel, each of its eight input voxels and that one's weight. */
function forEachCorner(
  input: readonly number[],
  output: readonly number[],
  visit: (input: number, output: number, weight: number) => void,
): void {
  const [, height, width] = spatialSize(input);
  const [zs, ys, xs] = spatialSize(output).map((size, i) => neighbours(input[i + 1], size));
  let voxel = 0;
  for (let n = 0; n < input[0]; n++) {
    for (const z of zs) {
      for (const y of ys) {
        for (const x of xs) {
          for (let corner = 0; corner < 8; corner++) {
            const iz = corner & 4 ? z.high : z.low;
            const iy = corner & 2 ? y.high : y.low;
            const ix = corner & 1 ? x.high : x.low;
            const weight = (corner & 4 ? z.weight : 1 - z.weight) *
              (corner & 2 ? y.weight : 1 - y.weight) * (corner & 1 ? x.weight : 1 - x.weight);
            visit(((n * input[1] + iz) * height + iy) * width + ix, voxel, weight);
          }
          voxel++;
        }
      }
    }
  }
}
