import { probeBackends } from "@mednext/kernels";
import type { Terminal } from "./terminal.ts";

/** `info`: prints what each backend finds on this machine, and which one `auto` takes. */
export async function infoCommand({ terminal }: { terminal: Terminal }): Promise<number> {
  for (const { name, isChosen, found } of await probeBackends()) {
    terminal.write(`${name.padEnd(12)}${isChosen ? "auto" : "    "}  ${found}\n`);
  }
  return 0;
}
