import { StageError, TargetError } from "../run/errors.ts";
import type { ResolveOptions } from "../run/resolve.ts";
import { exists } from "../run/file_system.ts";
import { type Arguments, closeCommand, readArguments, UsageError } from "./arguments.ts";
import { gcCommand } from "./gc_command.ts";
import { help } from "./help.ts";
import { initCommand } from "./init_command.ts";
import { planCommand } from "./plan_command.ts";
import { runCommand } from "./run_command.ts";
import { schemaCommand } from "./schema_command.ts";
import { statusCommand } from "./status_command.ts";
import { processTerminal, type Terminal } from "./terminal.ts";
import configuration from "../deno.json" with { type: "json" };

/** Options of {@linkcode main}. */
export interface MainOptions extends ResolveOptions {
  /**
   * The pipeline file, where it is already known.
   * @default {"pipeline.yaml"}
   */
  file?: string;
  /**
   * Where to write.
   * @default {processTerminal()}
   */
  terminal?: Terminal;
}

/**
 * The command line: `[PIPELINE.yaml] [COMMAND] [TARGETS…] [FLAGS]`.
 *
 * @param args The arguments.
 * @param options The pipeline file, where to write.
 * @returns The exit code: 0 done, 1 failed, 2 the command line makes no sense, 130 stopped.
 */
export async function main(args: readonly string[], options: MainOptions = {}): Promise<number> {
  const { terminal = processTerminal() } = options;
  try {
    if (args[0] === "predict") {
      // Loads TensorFlow.js, as info does, and no other command.
      const { predictCommand } = await import("./predict_command.ts");
      return await predictCommand(args.slice(1), { terminal });
    }
    const read = readArguments(args);
    if (options.file !== undefined && read.file !== undefined) {
      throw new UsageError(`one pipeline file at a time: found ${options.file}, ${read.file}`);
    }
    const file = options.file ?? read.file ?? "pipeline.yaml";
    if (options.file === undefined && read.file === undefined) await checkDefault(file, read);
    return await dispatch(file, read, { ...options, terminal });
  } catch (error) {
    const lines = describe(error, args);
    lines.forEach((line) => terminal.writeError(terminal.paint(line, "red")));
    return error instanceof UsageError || error instanceof TargetError ? 2 : 1;
  }
}

/** Where there is no pipeline, a word that is no command cannot be a target of it. */
async function checkDefault(file: string, { implied, command, rest }: Arguments): Promise<void> {
  if (!["run", "plan", "status", "gc"].includes(command) || await exists(file)) return;
  if (implied && rest.length > 0) {
    const close = closeCommand(rest[0]);
    const hint = close === undefined ? "" : `, did you mean "${close}"?`;
    throw new UsageError(`unknown command "${rest[0]}"${hint}`);
  }
  throw new UsageError(`there is no ${file} here: name the file, or let "init" write one`);
}

async function dispatch(
  file: string,
  read: Arguments,
  options: ResolveOptions & { terminal: Terminal },
): Promise<number> {
  const { terminal } = options;
  switch (read.command) {
    case "help":
      terminal.write(`${help}\n`);
      return 0;
    case "version":
      terminal.write(`@mednext/pipeline ${configuration.version}\n`);
      return 0;
    case "run":
      return await runCommand(file, read, options);
    case "plan":
      return await planCommand(file, read, options);
    case "status":
      return await statusCommand(file, read, options);
    case "schema":
      return await schemaCommand(file, read, options);
    case "init":
      return await initCommand(read, options);
    case "gc":
      return await gcCommand(file, read, options);
    case "info": {
      const { infoCommand } = await import("./info_command.ts");
      return await infoCommand(read, options);
    }
  }
}

/**
 * An error for people: its message, the chain of its causes, and where in a stage's code it arose.
 */
function describe(error: unknown, args: readonly string[]): string[] {
  if (error instanceof UsageError || error instanceof TargetError) {
    const isTarget = error instanceof TargetError && !error.message.endsWith("?");
    const close = isTarget ? args.map(closeCommand).find(Boolean) : undefined;
    const hint = close === undefined ? "" : `; perhaps the command "${close}" is meant`;
    return [`${error.message}${hint}; --help shows what there is`];
  }
  if (!(error instanceof Error)) return [String(error)];
  const lines = [error.message];
  if (!(error instanceof StageError)) return lines; // the others say it all themselves
  let cause: unknown = error.cause;
  for (let depth = 0; cause instanceof Error && depth < 8; depth++, cause = cause.cause) {
    if (depth > 0 && isTold(cause, lines.at(-1)!)) break;
    if (!lines.at(-1)!.includes(cause.message)) lines.push(`  because: ${cause.message}`);
    if (!(cause.cause instanceof Error) && !saysItAll(cause)) {
      const place = cause.stack?.split("\n").find((line) =>
        /^\s+at .*(file|https?):\/\//.test(line)
      );
      if (place !== undefined) lines.push(`  ${place.trim()}`);
    }
  }
  return lines;
}

/** Whether an error of the system is what the message before it has told in plain words. */
function isTold(error: Error, before: string): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === "string" && before.includes("Cannot ");
}

/**
 * Whether an error is about what it was given, and says what was attempted on what. Others need
 * their place in the code, such as "Cannot read properties of undefined", which is a TypeError.
 */
function saysItAll(error: Error): boolean {
  const isBug = error instanceof TypeError || error instanceof ReferenceError;
  return !isBug && error.message.startsWith("Cannot ");
}
