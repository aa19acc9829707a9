import type { CheckedValues } from "./run_check.ts";

/**
 * How far values may be from the expected ones, as a fraction of the largest. Sums of float32 in
 * another order move the norm of the gradients by 2e-4, as they pass a bottleneck of two voxels, and all
 * else by less; kernels that are wrong move everything by more than a hundredth.
 */
const TOLERANCE = 2e-3;

const NAMES: Record<keyof CheckedValues, string> = {
  logits: "the logits",
  loss: "the loss",
  gradientNorm: "the norm of the gradients",
  trainedLogits: "the logits after the training step",
};

/** What is wrong with computed values, in words; undefined if nothing is. */
export function findDeviation(
  computed: Partial<CheckedValues>,
  expected: CheckedValues,
): string | undefined {
  for (const [name, values] of Object.entries(computed) as [keyof CheckedValues, number[]][]) {
    const error = deviation(values, expected[name]);
    if (error <= TOLERANCE) continue;
    return `expected ${
      NAMES[name]
    } as on the cpu backend, to ${TOLERANCE} of the largest, found a ` +
      `difference of ${Number(error.toPrecision(2))}`;
  }
}

/** The largest difference over the largest expected value; not a number if one is not. */
function deviation(computed: number[], expected: number[]): number {
  const differences = expected.map((value, i) => Math.abs(value - computed[i]));
  return Math.max(...differences) / Math.max(...expected.map(Math.abs));
}
