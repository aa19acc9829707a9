/**
 * STAND-IN, not Deno's code.
 *
 * Covers the part of `@std/cli/parse-args` that this repository uses, so that machines which cannot
 * reach JSR can still run and test the command line. `setup_test.ts` holds for either of the two.
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
  /** Flags whose value stays a string; `"_"` for the positional arguments. */
  string?: readonly S[];
  /** Flags that may be repeated. */
  collect?: readonly C[];
  /** Booleans that accept `--no-<name>`. */
  negatable?: readonly string[];
  /** Short names: `{ help: "h" }`. */
  alias?: Readonly<Record<string, string | readonly string[]>>;
  /** Values for flags that were not given. */
  default?: Readonly<Record<string, unknown>>;
  /** Stop at the first positional argument. */
  stopEarly?: boolean;
  /** Called for unknown flags and for positional arguments; `false` drops them. */
  unknown?: (argument: string, key?: string, value?: unknown) => unknown;
}

/** The parsed arguments. */
export type Args<B extends string, S extends string, C extends string> =
  & { _: Array<string | number> }
  & { [K in B]: boolean }
  & { [K in Exclude<S, C | "_">]?: string }
  & { [K in Extract<S, C>]: string[] };

type Values = Record<string, unknown> & { _: Array<string | number> };
type AnyOptions = ParseOptions<string, string, string>;

/** Parses command-line arguments. */
export function parseArgs<
  const B extends string = never,
  const S extends string = never,
  const C extends string = never,
>(args: readonly string[], options: ParseOptions<B, S, C> = {}): Args<B, S, C> {
  const values: Values = { _: [] };
  const known = describe(options);
  for (let i = 0; i < args.length; i++) {
    const argument = args[i];
    if (argument === "--") {
      values._.push(...args.slice(i + 1));
      break;
    }
    if (/^-./.test(argument)) {
      i += readFlag(values, known, { argument, next: args[i + 1] });
    } else if (options.unknown?.(argument) !== false) {
      values._.push(options.string?.includes("_" as S) ? argument : toNumber(argument));
      if (options.stopEarly) {
        values._.push(...args.slice(i + 1));
        break;
      }
    }
  }
  fillIn(values, known);
  return values as unknown as Args<B, S, C>;
}

/** The options, with every name of a flag leading to all of its names. */
interface Known {
  options: AnyOptions;
  namesOf(key: string): string[];
  isIn(list: readonly string[] | undefined, key: string): boolean;
}

function describe(options: AnyOptions): Known {
  const groups = new Map<string, string[]>();
  for (const [key, aliases] of Object.entries(options.alias ?? {})) {
    const names = [key, ...[aliases].flat()];
    for (const name of names) groups.set(name, names);
  }
  const namesOf = (key: string) => groups.get(key) ?? [key];
  const isIn = (list: readonly string[] | undefined, key: string) =>
    namesOf(key).some((name) => list?.includes(name));
  return { options, namesOf, isIn };
}

/** Reads one flag, long or short; returns how many further arguments it took. */
function readFlag(
  values: Values,
  known: Known,
  { argument, next }: { argument: string; next: string | undefined },
): number {
  const { options, isIn } = known;
  const [, dashes, body, given] = /^(--?)([^=]+)(?:=(.*))?$/s.exec(argument) ?? [];
  const letters = dashes === "-" ? [...body] : [];
  for (const letter of letters.slice(0, -1)) assign(values, known, { key: letter, value: true });
  const key = letters.at(-1) ?? body;
  if (key.startsWith("no-") && isIn(options.negatable, key.slice(3))) {
    assign(values, known, { key: key.slice(3), value: false });
    return 0;
  }
  if (isIn(options.boolean, key)) {
    const takesNext = given === undefined && (next === "true" || next === "false");
    assign(values, known, { key, value: (takesNext ? next : given) !== "false" });
    return takesNext ? 1 : 0;
  }
  const takesNext = given === undefined && next !== undefined && !next.startsWith("-");
  const value = given ?? (takesNext ? next : isIn(options.string, key) ? "" : true);
  assign(values, known, { key, value, argument });
  return takesNext ? 1 : 0;
}

function assign(
  values: Values,
  { options, namesOf, isIn }: Known,
  { key, value, argument = key }: { key: string; value: unknown; argument?: string },
): void {
  const lists = [options.boolean, options.string, options.collect];
  const isKnown = lists.some((list) => isIn(list, key)) || namesOf(key).length > 1;
  if (!isKnown && options.unknown?.(argument, key, value) === false) return;
  const final = typeof value === "string" && !isIn(options.string, key) ? toNumber(value) : value;
  for (const name of namesOf(key)) {
    if (isIn(options.collect, key)) values[name] = [...(values[name] as unknown[] ?? []), final];
    else values[name] = final;
  }
}

function fillIn(values: Values, { options, namesOf }: Known): void {
  const missing = (keys: readonly string[], value: (key: string) => unknown) => {
    for (const key of keys) for (const name of namesOf(key)) values[name] ??= value(key);
  };
  missing(Object.keys(options.default ?? {}), (key) => options.default![key]);
  missing(options.collect ?? [], () => []);
  missing(options.boolean ?? [], () => false);
}

function toNumber(text: string): string | number {
  return /\S/.test(text) && Number.isFinite(Number(text)) ? Number(text) : text;
}
