import { PipelineError, type Problem } from "./problem.ts";
import type { Pipeline } from "./parse.ts";
import type { Coordinate } from "./spec.ts";
import { substitute } from "./substitute.ts";

/** The coordinates of one instance: axis -> value, in the order of `each`. */
export type Coordinates = Readonly<Record<string, Coordinate>>;

/** One repetition of a stage. */
export interface Instance {
  /** `train`, or `train@fold=2,size=S`. */
  readonly id: string;
  /** The stage's name. */
  readonly stage: string;
  /** Where on the axes. */
  readonly coordinates: Coordinates;
  /** Its parameters, substituted. */
  readonly with: Readonly<Record<string, unknown>>;
}

/** `train@fold=2` from its parts. */
export function instanceId(stage: string, coordinates: Coordinates): string {
  const parts = Object.entries(coordinates).map(([axis, value]) => `${axis}=${value}`);
  return parts.length === 0 ? stage : `${stage}@${parts.join(",")}`;
}

/**
 * Repeats every stage along its axes.
 *
 * @param pipeline The checked pipeline.
 * @returns The instances: stages in the order of the file, each in matrix order.
 * @throws {PipelineError} If a substitution cannot be made.
 */
export function expand({ spec, origin }: Pipeline): Instance[] {
  const problems: Problem[] = [];
  const instances = Object.entries(spec.stages).flatMap(([stage, { each, with: parameters }]) =>
    product(each, spec.matrix).map((coordinates) => ({
      id: instanceId(stage, coordinates),
      stage,
      coordinates,
      with: substitute(parameters, {
        scope: { params: spec.params, matrix: coordinates },
        at: ["stages", stage, "with"],
        problems,
      }) as Record<string, unknown>,
    }))
  );
  const unique = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  if (unique.size > 0) throw new PipelineError("read", origin, [...unique.values()]);
  return instances;
}

/** Every combination of coordinates on the axes, the last axis fastest. */
export function product(
  axes: readonly string[],
  matrix: Readonly<Record<string, readonly Coordinate[]>>,
): Coordinates[] {
  return axes.reduce<Coordinates[]>(
    (rows, axis) => rows.flatMap((row) => matrix[axis].map((value) => ({ ...row, [axis]: value }))),
    [{}],
  );
}
