/**
 * An UpKern report as text.
 * @module
 */
import type { UpKernReport } from "./upkern.ts";

const counted = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;

/**
 * Writes what UpKern did, for people: a line with the counts, then one line for each kernel that was
 * resized and one for each parameter that was copied.
 *
 * @example
 * ```ts
 * import { formatReport } from "@mednext/upkern";
 * import { assertEquals } from "@std/assert";
 *
 * const text = formatReport({
 *   copied: [{ name: "stem.bias", shape: [32] }],
 *   resized: [{ name: "down_0.conv1.weight", from: [32, 1, 3, 3, 3], to: [32, 1, 5, 5, 5] }],
 * });
 * assertEquals(
 *   text,
 *   [
 *     "1 kernel resized, 1 parameter copied",
 *     "resized  down_0.conv1.weight  [32, 1, 3, 3, 3] -> [32, 1, 5, 5, 5]",
 *     "copied   stem.bias            [32]",
 *   ].join("\n"),
 * );
 * ```
 * @param report What `upkern` reports.
 * @returns Lines without a final line break.
 */
export function formatReport(report: UpKernReport): string {
  const { copied, resized } = report;
  const names = [...resized, ...copied].map(({ name }) => name.length);
  const width = names.reduce((longest, length) => Math.max(longest, length), 0);
  const written = (shape: number[]): string => `[${shape.join(", ")}]`;
  return [
    `${counted(resized.length, "kernel")} resized, ${counted(copied.length, "parameter")} copied`,
    ...resized.map(({ name, from, to }) =>
      `resized  ${name.padEnd(width)}  ${written(from)} -> ${written(to)}`
    ),
    ...copied.map(({ name, shape }) => `copied   ${name.padEnd(width)}  ${written(shape)}`),
  ].join("\n");
}
