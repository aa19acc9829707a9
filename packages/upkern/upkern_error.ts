/**
 * What keeps one network's weights from starting another.
 * @module
 */

/**
 * Thrown by `upkern` when the two networks differ in more than the size of their depthwise kernels.
 *
 * @example
 * ```ts
 * import { upkern, UpKernError } from "@mednext/upkern";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * const stem = { shape: [1], data: new Float32Array(1) };
 * const error = assertThrows(() => upkern(new Map(), new Map([["stem.bias", stem]])), UpKernError);
 * assertEquals(error.missing, ["stem.bias"]);
 * ```
 */
export class UpKernError extends Error {
  /** Names that the large network has and the small one lacks. */
  readonly missing: string[];
  /** Names that the small network has and the large one lacks. */
  readonly unexpected: string[];
  /** One sentence for each parameter whose shape or values do not fit. */
  readonly misshapen: string[];

  /**
   * Lists everything that is wrong in one message.
   * @param problems The names that are missing and unexpected, and a sentence for each misshapen one.
   */
  constructor(problems: { missing: string[]; unexpected: string[]; misshapen: string[] }) {
    const { missing, unexpected, misshapen } = problems;
    const lines = [
      ...missing.map((name) => `missing from the small network: ${name}`),
      ...unexpected.map((name) => `unexpected in the small network: ${name}`),
      ...misshapen.map((sentence) => `misshapen: ${sentence}`),
    ];
    super(
      "Cannot start the large-kernel network from the small-kernel one: " +
        `${lines.length} ${lines.length === 1 ? "parameter does" : "parameters do"} not fit\n  ` +
        lines.join("\n  "),
    );
    this.name = "UpKernError";
    this.missing = missing;
    this.unexpected = unexpected;
    this.misshapen = misshapen;
  }
}
