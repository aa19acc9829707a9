/** For each voxel along one output axis, which input voxels it reads and with which weights. */
export interface AxisWeights {
  /** Inputs read for each output. */
  taps: number;
  /** First input index of each output, into the line padded by `pad` on both sides. */
  first: Int32Array;
  /** `taps` weights for each output. */
  weights: Float64Array;
  /** Voxels by which a line is extended with its edge value before the taps are read. */
  pad: number;
}

/**
 * Where the centre of output voxel `index` lies in input voxels: the two grids share their outer
 * borders (half-pixel centres), as in scipy's `zoom(grid_mode=True)`, which scikit-image uses.
 */
function centre(index: number, inputSize: number, outputSize: number): number {
  return (index + 0.5) * (inputSize / outputSize) - 0.5;
}

/** Two taps between the nearest voxels; beyond the border, the border's own value. */
export function linearWeights(inputSize: number, outputSize: number): AxisWeights {
  const first = new Int32Array(outputSize), weights = new Float64Array(2 * outputSize);
  for (let i = 0; i < outputSize; i++) {
    const at = Math.min(Math.max(centre(i, inputSize, outputSize), 0), inputSize - 1);
    const below = Math.max(0, Math.min(Math.floor(at), inputSize - 2));
    first[i] = below;
    weights[2 * i] = 1 - (at - below);
    weights[2 * i + 1] = at - below;
  }
  return { taps: 2, first, weights, pad: 0 };
}

/**
 * The nearest voxel, as two taps whose second has no weight. A centre between two voxels belongs to
 * the upper one, as in scipy's `map_coordinates(order=0, mode="nearest")`.
 */
export function nearestWeights(inputSize: number, outputSize: number): AxisWeights {
  const first = new Int32Array(outputSize), weights = new Float64Array(2 * outputSize);
  for (let i = 0; i < outputSize; i++) {
    const nearest = Math.floor(centre(i, inputSize, outputSize) + 0.5);
    first[i] = Math.min(Math.max(nearest, 0), inputSize - 1);
    weights[2 * i] = 1;
  }
  return { taps: 2, first, weights, pad: 0 };
}

/** Four taps of the cubic B-spline, to be applied to coefficients, not to values. */
export function cubicWeights(inputSize: number, outputSize: number, pad: number): AxisWeights {
  const first = new Int32Array(outputSize), weights = new Float64Array(4 * outputSize);
  for (let i = 0; i < outputSize; i++) {
    const at = centre(i, inputSize, outputSize) + pad;
    const below = Math.floor(at), t = at - below, s = 1 - t;
    first[i] = below - 1;
    weights[4 * i] = s * s * s / 6;
    weights[4 * i + 1] = (4 - 6 * t * t + 3 * t * t * t) / 6;
    weights[4 * i + 2] = (4 - 6 * s * s + 3 * s * s * s) / 6;
    weights[4 * i + 3] = t * t * t / 6;
  }
  return { taps: 4, first, weights, pad };
}
