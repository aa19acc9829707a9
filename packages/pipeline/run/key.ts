import { type Digest, digestText } from "./digest.ts";

/** Everything that a result depends on, as far as the cache is concerned. */
export interface KeyFields {
  /** Version of this very list. */
  readonly format: 1;
  /** Package and path of the stage, without its version. */
  readonly uses: string;
  /** The stage's own revision. */
  readonly revision: number;
  /** Digest of the module and its local imports; for local stages. */
  readonly source?: Digest;
  /** Parameters, substituted, defaults filled in, without the stage's neutral ones. */
  readonly with: unknown;
  /** The root seed; for seeded stages. */
  readonly seed?: number;
  /** Content digests of the inputs by port, in order. */
  readonly in: Readonly<Record<string, readonly Digest[]>>;
}

/**
 * The cache key of an instance: the sha256 of its key fields as canonical JSON.
 *
 * The version of a published package is not part of it, only the stage's `revision` is: a patch
 * release does not cost a training. `compute` is not part of it either: backends and thread counts
 * give equal results up to rounding, and a result that took a night on one machine shall count on
 * the next. Mixed precision differs by more, but a machine without a GPU does not have it, and what
 * was trained with it shall count there, too.
 *
 * @param fields What the result depends on.
 * @returns 64 hexadecimal digits.
 */
export function keyOf(fields: KeyFields): string {
  return digestText(canonicalJson(fields)).slice("sha256:".length);
}

/** JSON with sorted keys and without white space; keys that are undefined are left out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => a < b ? -1 : 1)
    .map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`);
  return `{${entries.join(",")}}`;
}
