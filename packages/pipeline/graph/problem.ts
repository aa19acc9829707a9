import { formatPath, locate } from "./locate.ts";

/** One thing that is wrong in a pipeline file. */
export interface Problem {
  /** Where in the document. */
  readonly path: readonly (string | number)[];
  /** What is wrong, and what was expected. */
  readonly text: string;
  /** The line, where there is no place in a document. */
  readonly line?: number | undefined;
}

/** A pipeline file as read: where problems are reported against. */
export interface Origin {
  /** The file's name for messages. */
  readonly file: string;
  /** Its text. */
  readonly text: string;
  /** Dotted paths that were set from the command line. */
  readonly overrides?: readonly string[];
}

/**
 * A pipeline file that cannot be used. The message names the file, the line and the place of each
 * problem.
 */
export class PipelineError extends Error {
  /** The name of this class. */
  override name = "PipelineError";
  /** The file. */
  readonly file: string;
  /** Everything that is wrong with it. */
  readonly problems: readonly Problem[];

  /**
   * Makes the error.
   *
   * @param attempt What was attempted, such as `"read"`.
   * @param origin The file.
   * @param problems What is wrong, at least one.
   */
  constructor(attempt: string, origin: Origin, problems: readonly Problem[]) {
    const lines = problems.map((problem) => describe(problem, origin));
    super(
      lines.length === 1
        ? `Cannot ${attempt} ${lines[0]}`
        : `Cannot ${attempt} ${origin.file}: ${lines.length} problems\n  ${lines.join("\n  ")}`,
    );
    this.file = origin.file;
    this.problems = problems;
  }
}

function describe(problem: Problem, { file, text: source, overrides = [] }: Origin): string {
  const { path, text } = problem;
  if (path.length === 0) {
    return `${file}${problem.line === undefined ? "" : `:${problem.line}`}: ${text}`;
  }
  const place = formatPath(path);
  const override = overrides.find((set) => place === set || place.startsWith(`${set}.`));
  if (override !== undefined) return `${file} at ${place} (given by --set): ${text}`;
  const line = locate(source, path);
  return `${line === undefined ? file : `${file}:${line}`} at ${place}: ${text}`;
}
