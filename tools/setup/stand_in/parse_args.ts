/**
 * STAND-IN, not Deno's code.
 *
 * Covers the part of `@std/cli/parse-args` that this repository uses, so that
 * machines which cannot reach JSR can still type-check and test the command
 * line.  The contract test runs against whichever of the two is resolved.
 *
 * @module
 */

/** Options understood by this stand-in. */
export interface ParseOptions<
  B extends string = never,
  S extends string = never,
  C extends string = never,
> {
  /** Flags that never take a value. */
  boolean?: readonly B[];
  /** Flags whose value stays a string. */
  string?: readonly S[];
  /** Flags that may be repeated. */
  collect?: readonly C[];
  /** Booleans that accept `--no-<name>`. */
  negatable?: readonly string[];
  /** Short names: `{ help: "h" }`. */
  alias?: Readonly<Record<string, string | readonly string[]>>;
  /** Values for flags that were not given. */
  default?: Readonly<Record<string, unknown>>;
  /** Stop at the first positional. */
  stopEarly?: boolean;
  /** Called for unknown flags; `false` drops them. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** Result type. */
export type Args<B extends string, S extends string, C extends string> =
  & { _: Array<string | number> }
  & { [K in B]: boolean }
  & { [K in Exclude<S, C>]?: string }
  & { [K in Extract<S, C>]: string[] };

const numeric = (s: string) => /\S/.test(s) && Number.isFinite(Number(s));

/** Parses `args`. */
export function parseArgs<
  const B extends string = never,
  const S extends string = never,
  const C extends string = never,
>(
  args: readonly string[],
  options: ParseOptions<B, S, C> = {},
): Args<B, S, C> {
  const has = (list: readonly string[] | undefined, k: string) => list?.includes(k) ?? false;
  const names = new Map<string, string[]>();
  for (const [k, v] of Object.entries(options.alias ?? {})) {
    const all = [k, ...[v].flat()];
    for (const n of all) names.set(n, all);
  }
  const group = (k: string) => names.get(k) ?? [k];
  const is = (list: readonly string[] | undefined, k: string) => group(k).some((n) => has(list, n));

  const out: Record<string, unknown> & { _: Array<string | number> } = {
    _: [],
  };
  const known = (k: string) =>
    is(options.boolean, k) || is(options.string, k) ||
    is(options.collect, k) || names.has(k);
  function set(k: string, value: unknown, arg: string) {
    if (!known(k) && options.unknown?.(arg, k, value) === false) return;
    if (
      typeof value === "string" && !is(options.string, k) && numeric(value)
    ) value = Number(value);
    for (const n of group(k)) {
      if (is(options.collect, k)) {
        (out[n] ??= [], (out[n] as unknown[]).push(value));
      } else out[n] = value;
    }
  }

  let i = 0;
  const take = (k: string): unknown => {
    const next = args[i + 1];
    if (is(options.boolean, k)) {
      return next === "true" || next === "false" ? args[++i] === "true" : true;
    }
    if (next !== undefined && !next.startsWith("-")) return args[++i];
    return is(options.string, k) ? "" : true;
  };
  for (; i < args.length; i++) {
    const arg = args[i];
    if (arg === "--") {
      out._.push(...args.slice(i + 1));
      break;
    }
    const long = /^--([^=]+)(?:=(.*))?$/s.exec(arg);
    const short = /^-([^-].*)$/s.exec(arg);
    if (long) {
      const [, k, v] = long;
      if (v) set(k, is(options.boolean, k) ? v !== "false" : v, arg);
      else if (k.startsWith("no-") && is(options.negatable, k.slice(3))) {
        set(k.slice(3), false, arg);
      } else set(k, take(k), arg);
    } else if (short) {
      const [letters, v] = short[1].split(/=(.*)/s);
      for (const k of letters.slice(0, -1)) set(k, true, arg);
      const k = letters.at(-1)!;
      set(k, v ?? take(k), arg);
    } else if (options.unknown?.(arg) !== false) {
      out._.push(has(options.string, "_") || !numeric(arg) ? arg : Number(arg));
      if (options.stopEarly) {
        out._.push(...args.slice(i + 1));
        break;
      }
    }
  }
  for (const [k, v] of Object.entries(options.default ?? {})) {
    for (const n of group(k)) out[n] ??= v;
  }
  for (const k of options.boolean ?? []) {
    for (const n of group(k)) out[n] ??= has(options.collect, k) ? [] : false;
  }
  for (const k of options.string ?? []) {
    if (has(options.collect, k)) { for (const n of group(k)) out[n] ??= []; }
  }
  return out as unknown as Args<B, S, C>;
}
