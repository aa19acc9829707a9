/**
 * What keeps weights out of a network.
 * @module
 */

/** What is wrong with a state dict. */
export interface StateDictProblems {
  /** Names that the network has and the dict lacks. */
  missing: string[];
  /** Names that the dict has and the network lacks. */
  unexpected: string[];
  /** One sentence for each parameter whose shape or values do not fit. */
  misshapen: string[];
}

/** The dict is one of MONAI's MedNeXt, whose names tell. */
const MONAI = /^(enc_stages|dec_stages|down_blocks|up_blocks)\./;

/**
 * Thrown by `loadStateDict` where names or shapes differ.
 *
 * @example
 * ```ts
 * import { StateDictError } from "@mednext/mednext";
 * import { assertEquals } from "@std/assert";
 *
 * const error = new StateDictError({ missing: ["stem.bias"], unexpected: [], misshapen: [] });
 * assertEquals(
 *   error.message,
 *   "Cannot load the state dict into the network: 1 parameter does not fit\n  missing: stem.bias",
 * );
 * ```
 */
export class StateDictError extends Error {
  /** Names that the network has and the dict lacks. */
  readonly missing: string[];
  /** Names that the dict has and the network lacks. */
  readonly unexpected: string[];
  /** One sentence for each parameter whose shape or values do not fit. */
  readonly misshapen: string[];

  /**
   * Lists everything that is wrong in one message.
   * @param problems What is wrong.
   */
  constructor({ missing, unexpected, misshapen }: StateDictProblems) {
    const lines = [
      ...missing.map((name) => `missing: ${name}`),
      ...unexpected.map((name) => `unexpected: ${name}`),
      ...misshapen.map((sentence) => `misshapen: ${sentence}`),
    ];
    const hint = unexpected.some((name) => MONAI.test(name))
      ? "\n  the names are those of MONAI's MedNeXt, which is another network in sizes B, M and L"
      : "";
    super(
      "Cannot load the state dict into the network: " +
        `${lines.length} ${lines.length === 1 ? "parameter does" : "parameters do"} not fit\n  ` +
        lines.join("\n  ") + hint,
    );
    this.name = "StateDictError";
    this.missing = missing;
    this.unexpected = unexpected;
    this.misshapen = misshapen;
  }
}
