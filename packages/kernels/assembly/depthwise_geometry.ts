/**
 * The sizes of a depthwise convolution from an "input" grid to an "output" grid. It lies in memory as int32.
 *
 * The host writes them in this order. The transposed kernels use the same numbers: they too call the grid
 * that the convolution reads "input".
 */
@unmanaged
export class Geometry {
  inputDepth!: i32;
  inputHeight!: i32;
  inputWidth!: i32;
  channels!: i32;
  outputDepth!: i32;
  outputHeight!: i32;
  outputWidth!: i32;
  kernelDepth!: i32;
  kernelHeight!: i32;
  kernelWidth!: i32;
  strideDepth!: i32;
  strideHeight!: i32;
  strideWidth!: i32;
  paddingDepth!: i32;
  paddingHeight!: i32;
  paddingWidth!: i32;
  /** For depthwiseDense: planes and rows of a block, and `scratchBytes` for each thread. */
  blockDepth!: i32;
  blockHeight!: i32;
  scratch!: usize;
  scratchBytes!: i32;
  /**
   * Where the statistics of the output's parts go, or 0: see `partStatistics`. A part is an item of depthwiseDense, with
   * 16 channels, or `partRows` rows of the others, with all channels.
   */
  statistics!: usize;
  partRows!: i32;
}
