import { type BackendReport, probeBackends } from "@mednext/kernels";
import {
  type BackendResult,
  measureBackends,
  type MeasureBackendsOptions,
} from "../self_test/measure_backends.ts";
import type { Arguments } from "./arguments.ts";
import { selfTestTable } from "./self_test_table.ts";
import { createStopSignal } from "./stop_signal.ts";
import type { Terminal } from "./terminal.ts";

/** `info`: prints what each backend finds on this machine, and which one `auto` takes; with `--test`, how each computes. */
export async function infoCommand(
  { flags }: Pick<Arguments, "flags">,
  { terminal, ...options }: { terminal: Terminal } & Partial<MeasureBackendsOptions>,
): Promise<number> {
  if (flags.has("test")) return await test(terminal, options);
  for (const report of await probeBackends()) terminal.write(line(report));
  return 0;
}

async function test(terminal: Terminal, options: Partial<MeasureBackendsOptions>): Promise<number> {
  using stop = createStopSignal(terminal, "backend");
  const { signal } = stop;
  const results: BackendResult[] = [];
  try {
    for await (const result of measureBackends({ ...options, signal })) {
      const { name, found = result.outcome, isChosen = false } = result;
      // Where one that is asked before does not even answer, auto takes none.
      const isFirst = results.every((before) => before.isChosen === false);
      terminal.write(line({ name, found, isChosen: isChosen && isFirst }));
      results.push(result);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    return 130;
  }
  terminal.write(`\nMedNeXt S, kernel 3, 16 channels\n\n${selfTestTable(results)}\n`);
  return results.some(({ outcome }) => outcome === "wrong" || outcome === "failed") ? 1 : 0;
}

function line({ name, isChosen, found }: BackendReport): string {
  return `${name.padEnd(12)}${isChosen ? "auto" : "    "}  ${found}\n`;
}
