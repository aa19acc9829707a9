import { parseArgs } from "@std/cli/parse-args";

/** A command line that has been read. */
export interface Arguments {
  /** Parts of the names of works; none means all. */
  readonly only: readonly string[];
  readonly repeats: number;
  readonly threads: number;
  /** Small images, to see that everything runs. */
  readonly quick: boolean;
  /** Our side without the flags of V8 that the pipeline starts its stages with. */
  readonly plain: boolean;
  /** The folder of a virtual environment with PyTorch; made if it is not there. */
  readonly venv?: string;
  /** Where the results go instead of `benchmarks/results`. */
  readonly output?: string;
  readonly help: boolean;
}

/** What `--help` prints. */
export const USAGE = `Compares MedNeXt here with MedNeXt in PyTorch, in turn and in pairs.

    deno task bench:peers [--only TEXT]... [--repeats N] [--threads N] [--quick] [--plain] [--venv DIR] [--output FILE]

--only TEXT    only works with TEXT in their name, such as s-k3 or train; may be repeated
--repeats N    how often each work is measured on each side (3; 1 with --quick)
--threads N    threads of both sides (2)
--quick        small images, to see that everything runs
--plain        our side without the flags of V8 that the pipeline starts its stages with
--venv DIR     a virtual environment with PyTorch, made in DIR if it is not there
--output FILE  where the results go (benchmarks/results/DATE-CPU.json)`;

function positiveInteger(flag: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1) {
    throw new RangeError(`Cannot read --${flag}: expected a positive integer, found ${text}`);
  }
  return value;
}

/**
 * Reads the command line of the benchmark.
 *
 * @throws {RangeError} If a flag is unknown or its value does not fit.
 */
export function readArguments(args: readonly string[]): Arguments {
  const unknown: string[] = [];
  const { only, repeats, threads, quick, plain, venv, output, help } = parseArgs([...args], {
    boolean: ["quick", "plain", "help"],
    string: ["only", "repeats", "threads", "venv", "output"],
    collect: ["only"],
    alias: { help: "h" },
    unknown: (argument) => void unknown.push(argument),
  });
  if (unknown.length > 0) {
    throw new RangeError(
      `Cannot read the command line: unknown argument ${unknown[0]}; --help lists them`,
    );
  }
  return {
    only: (only as string[]).flatMap((texts) => texts.split(",")).filter((text) => text !== ""),
    repeats: positiveInteger("repeats", repeats, quick ? 1 : 3),
    threads: positiveInteger("threads", threads, 2),
    quick,
    plain,
    help,
    ...(venv && { venv }),
    ...(output && { output }),
  };
}
