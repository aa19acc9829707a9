import type { StandardPackage } from "./package.ts";

const SOURCE = new URL("./stand_in/parse_args.ts", import.meta.url);

/** The stand-in for `@std/cli/parse-args`, for networks that do not reach JSR. */
export async function standIn(): Promise<StandardPackage> {
  return {
    name: "@std/cli",
    version: "1.0.0",
    origin: "a STAND-IN for parse-args alone, not Deno's code",
    files: new Map([["parse_args.ts", await Deno.readTextFile(SOURCE)]]),
    exports: { "./parse-args": "./parse_args.ts" },
  };
}
