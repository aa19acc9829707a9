/** An object of untrusted JSON. */
export type Json = Record<string, unknown>;

/** Whether a value is a JSON object, and not a list or null. */
export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
