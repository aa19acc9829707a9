import type { ConvAttrs } from "../kernel_types.ts";

/** What `forEachTap` walks over: the strided side is `input`, the other side `output`. */
export interface Walk extends ConvAttrs {
  /** Shape `[N, D, H, W, C]` of the convolution's input. */
  input: readonly number[];
  /** Shape `[N, oD, oH, oW, C]` of the convolution's output. */
  output: readonly number[];
  /** Shape `[kD, kH, kW, …]` of the filter. */
  filter: readonly number[];
}

/**
 * Calls `visit` with every triple of an input voxel, an output voxel and the tap that joins them:
 * input = output · stride - padding + tap, on each axis. All three are numbers of voxels, without
 * channels. The convolution and its two gradients differ only in which of the three they sum into.
 */
export function forEachTap(
  { input, output, filter, strides, padding }: Walk,
  visit: (input: number, output: number, tap: number) => void,
): void {
  const [batch, depth, height, width] = input;
  const [, oDepth, oHeight, oWidth] = output;
  const [kDepth, kHeight, kWidth] = filter;
  for (let n = 0; n < batch; n++) {
    for (let oz = 0; oz < oDepth; oz++) {
      for (let tz = 0; tz < kDepth; tz++) {
        const z = oz * strides[0] - padding[0] + tz;
        if (z < 0 || z >= depth) continue;
        for (let oy = 0; oy < oHeight; oy++) {
          for (let ty = 0; ty < kHeight; ty++) {
            const y = oy * strides[1] - padding[1] + ty;
            if (y < 0 || y >= height) continue;
            for (let ox = 0; ox < oWidth; ox++) {
              for (let tx = 0; tx < kWidth; tx++) {
                const x = ox * strides[2] - padding[2] + tx;
                if (x < 0 || x >= width) continue;
                visit(
                  ((n * depth + z) * height + y) * width + x,
                  ((n * oDepth + oz) * oHeight + oy) * oWidth + ox,
                  (tz * kHeight + ty) * kWidth + tx,
                );
              }
            }
          }
        }
      }
    }
  }
}
