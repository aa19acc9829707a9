/** The pole of the cubic B-spline. */
const POLE = Math.sqrt(3) - 2;

/**
 * Turns the values of a line into coefficients of the cubic B-spline through them, in place, the
 * line continued by reflection about its outer edges. Unser, "Splines: a perfect fit for signal
 * and image processing", IEEE SPM 1999; boundary as in scipy's `spline_filter1d(mode="reflect")`.
 */
export function splineFilter(line: Float64Array, length: number): void {
  if (length < 2) return;
  const gain = (1 - POLE) * (1 - 1 / POLE);
  for (let i = 0; i < length; i++) line[i] *= gain;

  // Start of the causal pass: the geometric series over the reflected line, period 2 * length.
  const period = POLE ** length;
  let power = POLE, sum = line[0] + period * line[length - 1];
  for (let i = 1; i < length; i++) {
    sum += power * (line[i] + period * line[length - 1 - i]);
    power *= POLE;
  }
  line[0] = line[0] + sum * POLE / (1 - period * period);

  for (let i = 1; i < length; i++) line[i] += POLE * line[i - 1];
  line[length - 1] *= POLE / (POLE - 1);
  for (let i = length - 2; i >= 0; i--) line[i] = POLE * (line[i + 1] - line[i]);
}
