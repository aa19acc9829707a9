import { v8Flags } from "@mednext/kernels/v8-flags";
import { fromFileUrl } from "@std/path";
import type { Measurement, Outcome, Side } from "./measurement.ts";
import { lastLine, runProcess } from "./process.ts";
import type { Task } from "./task.ts";

const fileOf = (name: string): string => fromFileUrl(new URL(name, import.meta.url));

/** The program of each side. */
function commandOf(side: Side, python: string): [string, string[]] {
  return side.side === "ours"
    ? [Deno.execPath(), ["run", "-A", fileOf("ours.ts")]]
    : [python, [fileOf("peers/run.py")]];
}

/**
 * Writes the weights and the inputs of a work where the task says.
 *
 * @throws {Error} If it fails.
 */
export async function prepare(task: Task): Promise<void> {
  const args = ["run", "-A", fileOf("prepare.ts"), JSON.stringify(task)];
  const done = await runProcess(Deno.execPath(), args);
  if (!done?.success) {
    throw new Error(`Cannot prepare ${task.work.id}: ${done?.stderr.trim() ?? "no Deno"}`);
  }
}

/**
 * Measures a work on one side in a process of its own.
 *
 * @param task What to measure.
 * @param options Whom, which repeat this is, whether without V8's flags, and the Python that has PyTorch.
 * @returns What the process told, or why it failed.
 */
export async function measure(
  task: Task,
  options: { side: Side; repeat: number; plain: boolean; python: string },
): Promise<Measurement> {
  const { side, repeat, plain, python } = options;
  const [program, args] = commandOf(side, python);
  const layout = side.side === "pytorch" ? { layout: side.layout } : {};
  const threads = String(task.threads);
  const flags = v8Flags().join(",");
  const env = {
    ...{ OMP_NUM_THREADS: threads, MKL_NUM_THREADS: threads },
    ...{ PYTHONDONTWRITEBYTECODE: "1", NO_COLOR: "1" },
    ...(plain || flags === "" ? {} : { DENO_V8_FLAGS: flags }),
  };
  const done = await runProcess(program, [...args, JSON.stringify({ ...task, ...layout })], env);
  if (!done?.success) {
    const error = done?.stderr.trim() || `${program} ended without a message`;
    return { ...side, repeat, error };
  }
  const outcome: Outcome = JSON.parse(lastLine(done.stdout));
  return { ...side, repeat, outcome };
}
