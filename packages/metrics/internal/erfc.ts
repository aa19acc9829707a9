/**
 * The complementary error function for x >= 0, to about 13 digits: the series of erf below 2, the
 * continued fraction (Abramowitz and Stegun 7.1.14) above, where the series would cancel.
 */
export function erfc(x: number): number {
  if (x === Infinity) return 0;
  if (x < 2) {
    let term = x, sum = x;
    for (let n = 1; Math.abs(term) > 1e-18 * sum; n++) {
      term *= -x * x / n;
      sum += term / (2 * n + 1);
    }
    return 1 - 2 / Math.sqrt(Math.PI) * sum;
  }
  let fraction = x;
  for (let n = 60; n > 0; n--) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
}
