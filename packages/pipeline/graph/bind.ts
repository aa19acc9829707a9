import { type Coordinates, type Instance, instanceId, product } from "./expand.ts";
import type { Pipeline } from "./parse.ts";
import { PipelineError, type Problem } from "./problem.ts";
import type { Coordinate, InputSpec, PipelineSpec } from "./spec.ts";
import { didYouMean } from "./suggest.ts";

/** Where one path of an input comes from. */
export type Origin = { readonly source: string } | {
  readonly instance: string;
  readonly port: string;
};

/** One input of an instance. */
export interface Binding {
  /** Where it comes from: one origin, or several where axes are gathered or a list is given. */
  readonly from: readonly Origin[];
}

/** An instance with its inputs bound. */
export interface BoundInstance extends Instance {
  /** Port -> binding. */
  readonly inputs: Readonly<Record<string, Binding>>;
}

/**
 * Binds every input to a source or to outputs of other instances. Axes that both stages share bind
 * to the same coordinate; an axis of the upstream stage alone has to be gathered or picked.
 *
 * @param pipeline The checked pipeline.
 * @param instances Its instances.
 * @returns The instances with their inputs.
 * @throws {PipelineError} With every input that cannot be bound.
 */
export function bind(pipeline: Pipeline, instances: readonly Instance[]): BoundInstance[] {
  const { spec } = pipeline;
  const problems: Problem[] = [];
  for (const [name, { in: inputs }] of Object.entries(spec.stages)) {
    for (const [port, { parts, list }] of Object.entries(inputs)) {
      for (const [i, input] of parts.entries()) {
        const text = explain(name, input, spec);
        const path = ["stages", name, "in", port, ...(list ? [i] : [])];
        if (text !== undefined) problems.push({ path, text });
      }
    }
  }
  if (problems.length > 0) throw new PipelineError("bind", pipeline.origin, problems);
  return instances.map((instance) => {
    const { in: inputs } = spec.stages[instance.stage];
    const bound = Object.entries(inputs).map(([port, { parts }]) => {
      const from = parts.flatMap((input) => originsOf(input, instance.coordinates, spec));
      return [port, { from }] as const;
    });
    return { ...instance, inputs: Object.fromEntries(bound) };
  });
}

function originsOf(input: InputSpec, coordinates: Coordinates, spec: PipelineSpec): Origin[] {
  const [owner, port] = input.from.split(".");
  if (owner === "sources") return [{ source: port }];
  const fixed: Record<string, Coordinate> = {};
  const { each } = spec.stages[owner];
  for (const axis of each) {
    if (!input.gather.includes(axis)) fixed[axis] = input.at[axis] ?? coordinates[axis];
  }
  const gathered = each.filter((axis) => input.gather.includes(axis));
  return product(gathered, spec.matrix).map((part) => {
    const all = Object.fromEntries(each.map((axis) => [axis, fixed[axis] ?? part[axis]]));
    return { instance: instanceId(owner, all), port };
  });
}

/** Says why an input cannot be bound, if it cannot. */
function explain(name: string, input: InputSpec, spec: PipelineSpec): string | undefined {
  const [owner, port] = input.from.split(".");
  if (owner === "sources") return explainSource(port, input, spec);
  if (!Object.hasOwn(spec.stages, owner)) {
    const names = Object.keys(spec.stages);
    return `no stage "${owner}" (stages: ${names.join(", ")})${didYouMean(owner, names)}`;
  }
  const upstream = spec.stages[owner].each;
  const list = upstream.join(", ") || "none";
  for (const axis of [...input.gather, ...Object.keys(input.at)]) {
    if (!upstream.includes(axis)) return `"${owner}" has no axis "${axis}" (its axes: ${list})`;
  }
  for (const [axis, value] of Object.entries(input.at)) {
    if (input.gather.includes(axis)) return `axis "${axis}" is both gathered and picked`;
    if (!spec.matrix[axis].includes(value)) {
      const values = spec.matrix[axis].join(", ");
      return `axis "${axis}" has no coordinate ${JSON.stringify(value)} (coordinates: ${values})`;
    }
  }
  const settled = [...spec.stages[name].each, ...input.gather, ...Object.keys(input.at)];
  const open = upstream.filter((axis) => !settled.includes(axis));
  if (open.length === 0) return undefined;
  const first = JSON.stringify(spec.matrix[open[0]][0]).replaceAll('"', "");
  return `"${owner}" repeats along "${open.join('", "')}" and "${name}" does not: gather or pick ` +
    `(gather: [${open.join(", ")}] or at: { ${open[0]}: ${first} })`;
}

function explainSource(name: string, input: InputSpec, { sources }: PipelineSpec) {
  const names = Object.keys(sources);
  if (!Object.hasOwn(sources, name)) {
    return `no source "${name}" (sources: ${names.join(", ") || "none"})${didYouMean(name, names)}`;
  }
  if (input.gather.length > 0 || Object.keys(input.at).length > 0) {
    return `a source has no axes: gather and at are for outputs of stages`;
  }
}
