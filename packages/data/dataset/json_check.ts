/** Checks of untrusted JSON; each adds to the list of problems what it does not like. */

const SHOWN = 60;

/** A value in the text of a problem, cut short. */
export function show(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

/** The value as an object, or undefined and a problem. */
export function asObject(
  value: unknown,
  path: string,
  problems: string[],
): Record<string, unknown> | undefined {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  problems.push(`${path}: expected an object, found ${show(value)}`);
  return undefined;
}

/** The value as a list, or undefined and a problem. */
export function asList(value: unknown, path: string, problems: string[]): unknown[] | undefined {
  if (Array.isArray(value)) return value;
  problems.push(`${path}: expected a list, found ${show(value)}`);
  return undefined;
}

/** The value as a text that is not empty, or undefined and a problem. */
export function asText(value: unknown, path: string, problems: string[]): string | undefined {
  if (typeof value === "string" && value.length > 0) return value;
  problems.push(`${path}: expected a text, found ${show(value)}`);
  return undefined;
}

/** The value as one text or a list of texts, or undefined and a problem. */
export function asTexts(value: unknown, path: string, problems: string[]): string[] | undefined {
  if (!Array.isArray(value)) {
    const text = asText(value, path, problems);
    return text === undefined ? undefined : [text];
  }
  if (value.length === 0) problems.push(`${path}: expected at least one text, found []`);
  const texts = value.map((item, i) => asText(item, `${path}[${i}]`, problems));
  return texts.length > 0 && texts.every((text) => text !== undefined) ? texts : undefined;
}

/** The path of a property, in brackets where the key is no plain word. */
export function property(path: string, key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? `${path}.${key}` : `${path}[${show(key)}]`;
}
