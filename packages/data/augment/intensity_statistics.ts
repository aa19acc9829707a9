/** Statistics of intensities, accumulated in float64. */
export interface IntensityStatistics {
  mean: number;
  /** Standard deviation with n - 1, as PyTorch's `std`; 0 for one voxel. */
  deviation: number;
  minimum: number;
  maximum: number;
}

/** Two passes: the second about the mean, so that nothing cancels. */
export function intensityStatistics(image: Float32Array): IntensityStatistics {
  let sum = 0, minimum = Infinity, maximum = -Infinity;
  for (let i = 0; i < image.length; i++) {
    const value = image[i];
    sum += value;
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  const mean = sum / image.length;
  let squares = 0;
  for (let i = 0; i < image.length; i++) squares += (image[i] - mean) * (image[i] - mean);
  const deviation = Math.sqrt(squares / Math.max(1, image.length - 1));
  return { mean, deviation, minimum, maximum };
}
