import type { Stage } from "../stage.ts";
import type { Pipeline } from "./parse.ts";
import { PipelineError, type Problem } from "./problem.ts";
import type { InputSpec } from "./spec.ts";
import { didYouMean } from "./suggest.ts";

/**
 * Checks the ports of every edge: that both ends exist, that they are of one kind, that a list goes
 * where a list is taken, that no input is missing, and that only outputs are published.
 *
 * @param pipeline The checked pipeline.
 * @param stages Stage name -> stage.
 * @throws {PipelineError} With every edge that does not fit.
 */
export function checkPorts(pipeline: Pipeline, stages: ReadonlyMap<string, Stage>): void {
  const problems: Problem[] = [];
  for (const [name, spec] of Object.entries(pipeline.spec.stages)) {
    const stage = stages.get(name)!;
    for (const [port, { parts, list }] of Object.entries(spec.in)) {
      const path = ["stages", name, "in", port];
      const text = explainPort(port, { list }, stage);
      if (text !== undefined) problems.push({ path, text });
      else {for (const [i, input] of parts.entries()) {
          const text = explainInput(input, { wanted: stage.inputs[port], stages });
          if (text !== undefined) problems.push({ path: list ? [...path, i] : path, text });
        }}
    }
    for (const [port, kind] of Object.entries(stage.inputs)) {
      if (Object.hasOwn(spec.in, port) || stage.optional?.includes(port)) continue;
      const text = `missing input "${port}" of kind ${single(kind)}${offers(kind, name, stages)}`;
      problems.push({ path: ["stages", name, "in"], text });
    }
    for (const port of Object.keys(spec.publish)) {
      if (Object.hasOwn(stage.outputs, port)) continue;
      const text = unknownPort("output", port, stage.outputs);
      problems.push({ path: ["stages", name, "publish", port], text });
    }
  }
  if (problems.length > 0) throw new PipelineError("bind", pipeline.origin, problems);
}

function explainPort(
  port: string,
  { list }: { list: boolean },
  { inputs }: Stage,
): string | undefined {
  if (!Object.hasOwn(inputs, port)) return unknownPort("input", port, inputs);
  if (list && !inputs[port].endsWith("[]")) return `takes a single ${inputs[port]}, not a list`;
}

function explainInput(
  input: InputSpec,
  { wanted, stages }: { wanted: string; stages: ReadonlyMap<string, Stage> },
): string | undefined {
  if (input.gather.length > 0 && !wanted.endsWith("[]")) {
    return `takes a single ${wanted}, not the list that gather makes`;
  }
  const [owner, output] = input.from.split(".");
  if (owner === "sources") return undefined; // an outside file is whatever it is used as
  const { outputs } = stages.get(owner)!;
  if (!Object.hasOwn(outputs, output)) {
    return `"${owner}": ${unknownPort("output", output, outputs)}`;
  }
  const given = outputs[output];
  if (given === single(wanted)) return undefined;
  return `must be of kind ${single(wanted)}: ${input.from} is of kind ${given}`;
}

function unknownPort(direction: string, port: string, ports: Readonly<Record<string, string>>) {
  const names = Object.keys(ports);
  const list = names.join(", ") || "none";
  return `unknown ${direction} "${port}" (${direction}s: ${list})${didYouMean(port, names)}`;
}

function single(kind: string): string {
  return kind.replace(/\[\]$/, "");
}

/** Names the outputs that would fit. */
function offers(kind: string, name: string, stages: ReadonlyMap<string, Stage>): string {
  const fitting = [...stages].flatMap(([owner, { outputs }]) =>
    owner === name ? [] : Object.keys(outputs)
      .filter((port) => outputs[port] === single(kind))
      .map((port) => `${owner}.${port}`)
  );
  return fitting.length === 0 ? "" : ` (outputs of this kind: ${fitting.join(", ")})`;
}
