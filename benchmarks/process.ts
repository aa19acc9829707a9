/** What a process wrote, and whether it was content. */
export interface Finished {
  readonly success: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end.
 *
 * @returns What it wrote; nothing if there is no such program.
 */
export async function runProcess(
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Finished | undefined> {
  try {
    const { success, stdout, stderr } = await new Deno.Command(program, {
      args: [...args],
      env,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).output();
    const text = new TextDecoder();
    return { success, stdout: text.decode(stdout), stderr: text.decode(stderr) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** The last line that is not empty: of an error's output mostly the message. */
export function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)!.trim();
}
