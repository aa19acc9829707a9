/** Settings of {@linkcode polynomialSchedule}. */
export interface PolynomialScheduleOptions {
  /** The number of steps after which the rate is zero. */
  totalSteps: number;
  /**
   * How fast it falls.
   * @default {0.9}
   */
  exponent?: number;
}

/**
 * The learning rate of a step that decays as a polynomial: `base · (1 - step / totalSteps)^0.9`.
 *
 * Source: nnU-Net, `training/lr_scheduler/polylr.py`, which steps once per epoch; here the unit is
 * whatever the caller counts.
 *
 * @example Full at the start, zero at the end
 * ```ts
 * import { polynomialSchedule } from "@mednext/segment";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * assertEquals(polynomialSchedule(1e-3, 0, { totalSteps: 100 }), 1e-3);
 * assertAlmostEquals(polynomialSchedule(1e-3, 50, { totalSteps: 100 }), 5.3589e-4, 1e-8);
 * assertEquals(polynomialSchedule(1e-3, 100, { totalSteps: 100 }), 0);
 * ```
 *
 * @param base The learning rate of step 0.
 * @param step The step, from 0; past the end the rate stays zero.
 * @param options The length and the exponent.
 * @throws {RangeError} If `totalSteps` is not above zero or `step` is below zero.
 */
export function polynomialSchedule(
  base: number,
  step: number,
  options: PolynomialScheduleOptions,
): number {
  const { totalSteps, exponent = 0.9 } = options;
  if (!(totalSteps > 0)) {
    throw new RangeError(
      `Cannot set a learning rate as totalSteps must be above zero: current value is ${totalSteps}`,
    );
  }
  if (!(step >= 0)) {
    throw new RangeError(
      `Cannot set a learning rate as step must be at least zero: current value is ${step}`,
    );
  }
  return base * Math.max(0, 1 - step / totalSteps) ** exponent;
}
