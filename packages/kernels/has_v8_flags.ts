import { v8Flags } from "./v8_flags.ts";

/** Where Deno takes V8's flags from. Those of its command line a program cannot see. */
const VARIABLE = "DENO_V8_FLAGS";

/**
 * Whether this process was started with all flags of `v8Flags()`, given by the
 * environment variable `DENO_V8_FLAGS`.
 *
 * @example
 * ```ts
 * import { hasV8Flags } from "@mednext/kernels/has-v8-flags";
 *
 * if (!hasV8Flags()) console.log("start with DENO_V8_FLAGS to be faster");
 * ```
 *
 * @returns `false` also where the environment may not be read.
 */
export function hasV8Flags(): boolean {
  const flags = v8Flags();
  if (flags.length === 0) return false;
  const { state } = Deno.permissions.querySync({ name: "env", variable: VARIABLE });
  if (state !== "granted") return false;
  const given = (Deno.env.get(VARIABLE) ?? "").split(/[\s,]+/);
  return flags.every((flag) => given.includes(flag));
}
