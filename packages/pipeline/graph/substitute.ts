import type { DocumentPath } from "./locate.ts";
import type { Problem } from "./problem.ts";
import type { Coordinate } from "./spec.ts";
import { didYouMean } from "./suggest.ts";

/** What a substitution can read. */
export interface Scope {
  readonly params: Readonly<Record<string, unknown>>;
  readonly matrix: Readonly<Record<string, Coordinate>>;
}

/**
 * Replaces every `${params.a.b}` and `${matrix.x}` that is a whole scalar by the value itself,
 * whatever its type. Nothing else is replaced and nothing is evaluated.
 *
 * @param value What stands in the file.
 * @param scope What can be read.
 * @param at Where the value stands.
 * @param problems Substitutions that cannot be made are added here.
 * @returns A copy with the values filled in.
 */
export function substitute(
  value: unknown,
  { scope, at, problems }: { scope: Scope; at: DocumentPath; problems: Problem[] },
): unknown {
  const walk = (node: unknown, path: DocumentPath): unknown => {
    if (Array.isArray(node)) return node.map((item, i) => walk(item, [...path, i]));
    if (typeof node === "object" && node !== null) {
      return Object.fromEntries(
        Object.entries(node).map(([key, item]) => [key, walk(item, [...path, key])]),
      );
    }
    if (typeof node !== "string" || !node.includes("${")) return node;
    const found = lookUp(node, scope);
    if (!("problem" in found)) return structuredClone(found.value);
    problems.push({ path, text: `"${node}" ${found.problem}` });
    return node;
  };
  return walk(value, at);
}

function lookUp(text: string, scope: Scope): { value: unknown } | { problem: string } {
  const match = /^\$\{([^${}]*)\}$/.exec(text);
  if (match === null) return { problem: "must be whole: a substitution replaces the entire value" };
  const [root, ...keys] = match[1].trim().split(".");
  if (root !== "params" && root !== "matrix" || keys.length === 0) {
    return { problem: "must read ${params.<path>} or ${matrix.<axis>}" };
  }
  let value: unknown = scope[root];
  for (const [i, key] of keys.entries()) {
    const here = [root, ...keys.slice(0, i)].join(".");
    const known = typeof value === "object" && value !== null ? Object.keys(value) : [];
    if (!known.includes(key)) {
      const list = root === "matrix" ? "axes of this stage" : `keys of ${here}`;
      const found = `${list}: ${known.join(", ") || "none"}`;
      return { problem: `reads "${key}", which is not there (${found})${didYouMean(key, known)}` };
    }
    value = (value as Record<string, unknown>)[key];
  }
  if (JSON.stringify(value).includes("${")) {
    return { problem: "reads a value that holds a substitution itself: params are plain values" };
  }
  return { value };
}
