/** Below this |x| the series of erf, above it the continued fraction of erfc. */
const CROSSOVER = 1.5;

/**
 * The complementary error function to within a few units of float64's last place, relative, also far
 * out where erf is 1 in every digit.
 *
 * Abramowitz and Stegun, Handbook of Mathematical Functions: 7.1.6 (a series of positive terms only)
 * and 7.1.14 (the continued fraction).
 */
export function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x);
  return x < CROSSOVER ? 1 - erfSeries(x) : erfcFraction(x);
}

/** erf(x) = 2/√π · exp(-x²) · Σ 2ⁿ·x²ⁿ⁺¹ / (1·3·…·(2n+1)). */
function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
    term *= 2 * x * x / (2 * n + 1);
    sum += term;
  }
  return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
}

/** erfc(x) = exp(-x²) / √π / (x + (1/2)/(x + 1/(x + (3/2)/(x + 2/(x + …))))). */
function erfcFraction(x: number): number {
  let tail = x;
  for (let n = 80; n > 0; n--) tail = x + n / 2 / tail;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / tail;
}
