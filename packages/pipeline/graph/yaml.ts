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
 * Reads YAML of the core schema, without what YAML readers disagree on: merge keys (`<<`),
 * numbers with `_` or with a leading zero, and tabs before the first word of a line.
 *
 * @param text The YAML text.
 * @returns The value and its problems.
 * @throws {YamlError} If the text is no YAML or repeats a key.
 * @throws {SyntaxError} If it is too large.
 */
export function parseYaml(text: string): YamlDocument {
  if (text.length > maximumCharacters) {
    throw new SyntaxError(`must be at most ${maximumCharacters} characters: found ${text.length}`);
  }
  refuseTabs(text);
  const value = parseOrThrow(text);
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

/** A text that is no YAML. */
export class YamlError extends SyntaxError {
  /** The name of this class. */
  override name = "YamlError";
  /** The line, from 1, where that was noticed; undefined for a text of one line. */
  readonly line: number | undefined;

  /**
   * Makes the error.
   *
   * @param message What is wrong.
   * @param line Where.
   * @param cause What the YAML reader threw.
   */
  constructor(message: string, line: number | undefined, cause: unknown) {
    super(message, { cause });
    this.line = line;
  }
}

/** YAML has no tabs in indentation; the reader takes some of them for nothing. */
function refuseTabs(text: string): void {
  const line = text.split(/\r?\n/).findIndex((one) => /^ *\t\s*[^\s#]/.test(one)) + 1;
  if (line > 0) throw new YamlError("must be indented with spaces, found a tab", line, undefined);
}

/** The reader's message holds a place, the text there and its own function: only the place stays. */
function parseOrThrow(text: string): unknown {
  try {
    return parse(text, { schema: "core" });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const match = /^(?:Cannot [^:]*: )?(.+?) at line (\d+), column -?\d+:?/.exec(error.message);
    if (match === null) throw error;
    const lines = text.split(/\r?\n/);
    const line = Math.min(Number(match[2]), lines.length);
    const reason = match[1][0].toLowerCase() + match[1].slice(1);
    const found = lines[line - 1].trim().slice(0, 80);
    throw new YamlError(
      `${reason}${found === "" ? "" : `, found "${found}"`}`,
      lines.length === 1 ? undefined : line,
      error,
    );
  }
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
