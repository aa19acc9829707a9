import type { BackendResult } from "../self_test/measure_backends.ts";
import { formatTable } from "./terminal.ts";

/** What the self-test has found, as a table, and a line for each backend of which there is more to say. */
export function selfTestTable(results: readonly BackendResult[]): string {
  const rows = results.map(({ name, outcome, times }) => {
    if (times === undefined) return [name, outcome, "", "", "", "", "", ""];
    const { shape, forward, step, peakBytes } = times;
    return [
      name,
      outcome,
      shape.join(" x "),
      ...speed(shape, forward),
      ...speed(shape, step),
      peakBytes === undefined ? "" : `${(peakBytes / 2 ** 20).toFixed()} MiB`,
    ];
  });
  const head = [
    "backend",
    "values",
    "voxels",
    "forward",
    "per s",
    "training step",
    "per s",
    "memory",
  ];
  const remarks = results
    .filter(({ found, remark }) => remark !== undefined && !found?.includes(remark))
    .map(({ name, remark }) => `${name}: ${remark}`);
  const parts = [formatTable([head, ...rows]), remarks.join("\n")];
  return parts.filter((part) => part !== "").join("\n\n");
}

/** The time of a pass, and the voxels in a second to three digits. */
function speed(shape: readonly number[], milliseconds: number): string[] {
  const voxels = shape.reduce((product, size) => product * size, 1);
  const perSecond = Number((voxels / milliseconds * 1000).toPrecision(3));
  return [`${milliseconds.toFixed()} ms`, perSecond.toLocaleString("en")];
}
