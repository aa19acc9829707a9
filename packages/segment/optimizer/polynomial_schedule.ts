/** Settings of {@linkcode polynomialSchedule}. */
export interface PolynomialScheduleOptions {
  /** The number of steps after which the rate is zero. */
  totalSteps: number;
  /**
   * How fast it falls.
   * @default {0.9}
   */
  exponent?: number;
  /**
   * For how many steps a rate stays before it falls again.
   * @default {1}
   */
  every?: number;
  /**
   * Over how many steps the rate rises linearly at first: step s has (s + 1) / warmupSteps of it.
   * @default {0}
   */
  warmupSteps?: number;
  /**
   * How far the decay has come, in steps, where something other than the step decides, such as the time used.
   * @default {step}
   */
  position?: number;
}

/**
 * The learning rate of a step that decays as a polynomial: `base · (1 - step / totalSteps)^0.9`.
 *
 * A warm-up multiplies it. nnU-Net keeps the rate for an epoch: `every: 250`.
 *
 * Source: nnU-Net v2, `training/lr_scheduler/polylr.py`.
 *
 * @example Full at the start, zero at the end
 * ```ts
 * import { polynomialSchedule } from "@mednext/segment";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * assertEquals(polynomialSchedule(1e-3, 0, { totalSteps: 100 }), 1e-3);
 * assertAlmostEquals(polynomialSchedule(1e-3, 50, { totalSteps: 100 }), 5.3589e-4, 1e-8);
 * assertEquals(polynomialSchedule(1e-3, 100, { totalSteps: 100 }), 0);
 * assertEquals(polynomialSchedule(1e-3, 0, { totalSteps: 100, warmupSteps: 4 }), 2.5e-4);
 * ```
 *
 * @param base The learning rate of step 0.
 * @param step The step, from 0; past the end the rate stays zero.
 * @param options The length and the exponent.
 * @throws {RangeError} If `totalSteps` or `every` is not above zero, or `step`, `position` or `warmupSteps` is below zero.
 */
export function polynomialSchedule(
  base: number,
  step: number,
  options: PolynomialScheduleOptions,
): number {
  const { totalSteps, exponent = 0.9, every = 1, warmupSteps = 0, position = step } = options;
  for (const [name, value] of Object.entries({ totalSteps, every })) {
    if (!(value > 0)) fail(name, "above", value);
  }
  for (const [name, value] of Object.entries({ step, position, warmupSteps })) {
    if (!(value >= 0)) fail(name, "at least", value);
  }
  const held = Math.floor(position / every) * every;
  const rate = base * Math.max(0, 1 - held / totalSteps) ** exponent;
  return step < warmupSteps ? rate * (step + 1) / warmupSteps : rate;
}

function fail(name: string, relation: string, value: number): never {
  throw new RangeError(
    `Cannot set a learning rate as ${name} must be ${relation} zero: current value is ${value}`,
  );
}
