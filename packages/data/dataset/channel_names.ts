import { asObject, asText, property, show } from "./json_check.ts";

/** Channel names out of `{ "0": "CT", "1": "PET" }`: the keys must count from 0. */
export function channelNames(value: unknown, path: string, problems: string[]): string[] {
  const record = asObject(value, path, problems);
  if (!record) return [];
  const keys = Object.keys(record);
  if (keys.length === 0) problems.push(`${path}: expected at least one channel, found {}`);
  const missing = keys.findIndex((_, i) => !Object.hasOwn(record, String(i)));
  if (missing >= 0) {
    problems.push(
      `${path}: expected the keys "0" to "${keys.length - 1}", found ${show(keys)}`,
    );
    return [];
  }
  return keys.map((_, i) => asText(record[i], property(path, String(i)), problems) ?? "");
}
