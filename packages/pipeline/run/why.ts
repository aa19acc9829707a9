import { show } from "../graph/check.ts";
import { isDigest } from "./digest.ts";
import { canonicalJson, type KeyFields } from "./key.ts";

/**
 * Says which field of the key differs first.
 *
 * @param before What the last result was made from.
 * @param now What it would be made from now.
 * @returns Such as `with.epochs: 1000 -> 500`; undefined when nothing differs.
 */
export function why(before: Partial<KeyFields>, now: KeyFields): string | undefined {
  for (const field of ["uses", "revision", "source", "with", "seed", "in"] as const) {
    const found = firstDifference(before[field], now[field], field);
    if (found !== undefined) return found;
  }
}

/** The first place where two JSON values differ, such as `path.key: 1 -> 2`. */
export function firstDifference(before: unknown, now: unknown, path: string): string | undefined {
  if (canonicalJson(before ?? null) === canonicalJson(now ?? null)) return undefined;
  if (isObject(before) && isObject(now)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(now)])) {
      const found = firstDifference(before[key], now[key], `${path}.${key}`);
      if (found !== undefined) return found;
    }
  }
  return `${path}: ${shorten(before)} -> ${shorten(now)}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shorten(value: unknown): string {
  if (value === undefined) return "nothing";
  // Before it is shown, which cuts long texts off.
  const short = (_: string, part: unknown) => isDigest(part) ? `${part.slice(0, 15)}…` : part;
  const shown = show(JSON.parse(JSON.stringify(value, short)));
  return shown.replaceAll(/"(sha256:[0-9a-f]{8}…)"/g, "$1");
}
