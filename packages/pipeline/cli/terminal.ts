import * as colors from "@std/fmt/colors";

/** Where the command line writes; tests put their own in its place. */
export interface Terminal {
  /** Writes text as it is to the standard output. */
  write(text: string): void;
  /** Writes a line to the error output. */
  writeError(line: string): void;
  /** Whether a person is watching, so that a line can be redrawn. */
  readonly interactive: boolean;
  /** Number of columns. */
  columns(): number;
  /** Colours a text, where colours are wanted. */
  paint(text: string, color: Color): string;
}

/** The colours in use. */
export type Color = "green" | "cyan" | "red" | "yellow" | "dim" | "bold";

/** The process's own standard streams. */
export function processTerminal(): Terminal {
  const interactive = Deno.stdout.isTerminal();
  const colored = interactive && !Deno.noColor;
  const encoder = new TextEncoder();
  return {
    interactive,
    write: (text) => writeAll(Deno.stdout, encoder.encode(text)),
    writeError: (line) => writeAll(Deno.stderr, encoder.encode(`${line}\n`)),
    columns: () => widthOf(interactive),
    paint: (text, color) => colored ? colors[color](text) : text,
  };
}

/** A terminal without a size, as in some CI jobs, counts as one of 80 columns. */
function widthOf(interactive: boolean): number {
  if (!interactive) return 100;
  try {
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80;
  }
}

/**
 * Writes all of it. Whoever read the output may have gone, by a closed window or in `| head`: that
 * must not stop a run of hours, least of all while it saves its checkpoint.
 */
function writeAll(stream: { writeSync(bytes: Uint8Array): number }, bytes: Uint8Array): void {
  try {
    for (let at = 0; at < bytes.length;) at += stream.writeSync(bytes.subarray(at));
  } catch (error) {
    const { code } = error as { code?: string };
    if (!(error instanceof Deno.errors.BrokenPipe) && code !== "EIO") throw error;
  }
}

/** A duration for people: `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Rows as columns of equal width, two spaces between them. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => cell.padEnd(widths[column])).join("  ").trimEnd();
  return rows.map(line).join("\n");
}
