import { parseArgs } from "@std/cli/parse-args";
import { didYouMean, suggest } from "../graph/suggest.ts";

/** The commands and the flags that each understands. */
export const commands = {
  run: ["set", "max-minutes", "jobs", "force", "keep-going"],
  plan: ["set", "max-minutes"],
  status: ["set", "max-minutes", "why"],
  schema: ["output"],
  init: ["cross-validation"],
  gc: ["dry-run", "scratch"],
  info: ["test"],
} as const;

/** The name of a command. */
export type Command = keyof typeof commands;

/** The most words that may stand behind a command: stages and instances, or a folder. */
const mostWords: Record<Command, number> = {
  run: Infinity,
  plan: Infinity,
  status: Infinity,
  schema: 0,
  init: 1,
  gc: 0,
  info: 0,
};

/** The command that a word stands for if it is a slip of the keyboard; nothing if it is one itself. */
export function closeCommand(word: string): string | undefined {
  const names = [...Object.keys(commands), "predict"]; // which reads its own arguments
  return names.includes(word) ? undefined : suggest(word, names);
}

/** A command line that makes no sense; exit code 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** A command line that has been read. */
export interface Arguments {
  readonly command: Command | "help" | "version";
  /** Whether no command was named, so that the first other word may be a slip of one. */
  readonly implied: boolean;
  /** The pipeline file, if one was named. */
  readonly file?: string;
  /** What else was named: targets, or a folder. */
  readonly rest: readonly string[];
  readonly set: readonly string[];
  readonly flags: ReadonlySet<string>;
  readonly maxMinutes?: number;
  readonly output?: string;
  readonly jobs: number;
}

const booleans = [
  "force",
  "keep-going",
  "why",
  "dry-run",
  "scratch",
  "cross-validation",
  "test",
  "help",
  "version",
] as const;
const strings = ["set", "max-minutes", "jobs", "output"] as const;

/**
 * Reads a command line: `[PIPELINE.yaml] [COMMAND] [TARGETS…] [FLAGS]`, the command being `run` if
 * none is given.
 *
 * @param args The arguments.
 * @returns What they say.
 * @throws {UsageError} If a flag or a command is unknown, or does not fit.
 */
export function readArguments(args: readonly string[]): Arguments {
  const unknown: string[] = [];
  const values = parseArgs([...args], {
    boolean: booleans,
    string: [...strings, "_"],
    collect: ["set"],
    alias: { help: "h" },
    unknown: (argument) => {
      if (argument.startsWith("-") && argument !== "-") unknown.push(argument.split("=")[0]);
      return true;
    },
  });
  const all = [...booleans, ...strings].map((flag) => `--${flag}`);
  if (unknown.length > 0) {
    throw new UsageError(`unknown flag ${unknown[0]}${didYouMean(unknown[0], all)}`);
  }
  const names = values._.map(String);
  const files = names.filter((name) => /\.ya?ml$/.test(name));
  if (files.length > 1) {
    throw new UsageError(`one pipeline file at a time: found ${files.join(", ")}`);
  }
  const words = names.filter((name) => !files.includes(name));
  const given = new Set<string>(booleans.filter((flag) => values[flag]));
  const isCommand = words.length > 0 && Object.hasOwn(commands, words[0]);
  const command = given.has("help") || words[0] === "help"
    ? "help"
    : given.has("version")
    ? "version"
    : isCommand
    ? words[0] as Command
    : "run";
  const rest = isCommand ? words.slice(1) : words;
  checkWords(command, rest, files);
  const set = [values.set ?? []].flat() as string[];
  if (set.includes("")) {
    throw new UsageError("--set must be path=value, such as stages.train.with.epochs=5");
  }
  if (values.output === "") throw new UsageError("--output must name a file");
  checkFlags(command, [
    ...given,
    ...(set.length > 0 ? ["set"] : []),
    ...(["max-minutes", "jobs", "output"] as const).filter((flag) => values[flag] !== undefined),
  ]);
  const maxMinutes = readMinutes(values["max-minutes"]);
  return {
    command,
    implied: !isCommand,
    ...(files.length > 0 ? { file: files[0] } : {}),
    rest,
    set,
    flags: given,
    ...(maxMinutes === undefined ? {} : { maxMinutes }),
    ...(values.output === undefined ? {} : { output: values.output }),
    jobs: readJobs(values.jobs),
  };
}

function checkWords(
  command: Arguments["command"],
  rest: readonly string[],
  files: readonly string[],
): void {
  if (command === "help" || command === "version") return;
  if (command === "init" && files.length > 0) {
    throw new UsageError(`init takes a folder: found ${files[0]}`);
  }
  const most = mostWords[command];
  if (rest.length <= most) return;
  throw new UsageError(
    `${command} takes ${most === 0 ? "no targets" : "one folder"}: found ${rest.join(", ")}`,
  );
}

function checkFlags(command: Arguments["command"], given: readonly string[]): void {
  if (command === "help" || command === "version") return;
  const allowed: readonly string[] = commands[command];
  for (const flag of given) {
    if (allowed.includes(flag)) continue;
    const list = allowed.map((name) => `--${name}`).join(", ") || "none";
    throw new UsageError(`${command} has no flag --${flag} (its flags: ${list})`);
  }
}

function readMinutes(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const minutes = text.trim() === "" ? NaN : Number(text);
  if (minutes > 0 && minutes < Infinity) return minutes;
  throw new UsageError(`--max-minutes must be a number above 0: found "${text}"`);
}

function readJobs(text: string | undefined): number {
  if (text === undefined || text === "1") return 1;
  if (/^[1-9][0-9]*$/.test(text)) {
    throw new UsageError(`--jobs must be 1: stages run one after the other today; found ${text}`);
  }
  throw new UsageError(`--jobs must be a whole number: found "${text}"`);
}
