import { parse } from "@std/yaml/parse";
import type { DocumentPath } from "./locate.ts";
import type { Problem } from "./problem.ts";

/** Larger files and documents are refused: aliases can blow a few lines up to any size. */
const maximumCharacters = 1 << 20;
const maximumNodes = 100_000;

/** What a text of YAML says, and what is in it that other YAML readers would read differently. */
export interface YamlDocument {
  readonly value: unknown;
  readonly problems: readonly Problem[];
}

/**
 * Reads YAML of the core schema, without what YAML readers disagree on: merge keys (`<<`), and
 * numbers with `_` or with a leading zero.
 *
 * @param text The YAML text.
 * @returns The value and its problems.
 * @throws {SyntaxError} If the text is no YAML, repeats a key, or is too large.
 */
export function parseYaml(text: string): YamlDocument {
  if (text.length > maximumCharacters) {
    throw new SyntaxError(`must be at most ${maximumCharacters} characters: found ${text.length}`);
  }
  const value = parse(text, { schema: "core" });
  // The failsafe schema keeps every scalar as the text that stands in the file.
  const written = parse(text, { schema: "failsafe" });
  const problems: Problem[] = [];
  let nodes = 0;
  const walk = (node: unknown, raw: unknown, path: DocumentPath) => {
    if (++nodes > maximumNodes) {
      throw new SyntaxError(
        `must be a document of at most ${maximumNodes} values, aliases followed`,
      );
    }
    if (typeof node === "number") checkNumber(String(raw), path, problems);
    if (typeof node !== "object" || node === null) return;
    for (const key of Object.keys(node)) {
      const part = Array.isArray(node) ? Number(key) : key;
      if (key === "<<" || key === "__proto__") {
        problems.push({ path: [...path, key], text: `the key "${key}" is refused` });
      } else {
        const child = (node as Record<string, unknown>)[key];
        walk(child, (raw as Record<string, unknown>)?.[key], [...path, part]);
      }
    }
  };
  walk(value, written, []);
  return { value, problems };
}

function checkNumber(text: string, path: DocumentPath, problems: Problem[]) {
  const reason = text.includes("_")
    ? "with underscores"
    : /^[-+]?0[0-9]/.test(text)
    ? "with a leading zero"
    : undefined;
  if (reason === undefined) return;
  problems.push({
    path,
    text: `the number ${text} is written ${reason}, which YAML readers read differently: ` +
      `write it without, or put it in quotes to make it text`,
  });
}
