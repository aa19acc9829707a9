import type { CaseEvaluation } from "@mednext/metrics";
import { readReport } from "../artifacts/report_folder.ts";
import type { JsonSchema } from "../stage.ts";

/** Schema of the names of reports, in their order. */
export const namesParam: JsonSchema = {
  type: "array",
  items: { type: "string", minLength: 1 },
  uniqueItems: true,
  description: "What each report is called, in the order of the list",
};

/** A report's cases under a name. */
export interface NamedReport {
  /** The name. */
  name: string;
  /** What was measured. */
  cases: CaseEvaluation[];
}

/**
 * Refuses a list of names that has not one for each report.
 *
 * @throws {RangeError} If there are more or fewer.
 */
export function checkNames(
  names: readonly string[],
  { count, what }: { count: number; what: string },
): void {
  if (names.length === count) return;
  throw new RangeError(
    `Cannot ${what}: expected a name for each of ${count} reports, found ` +
      (names.join(", ") || "none"),
  );
}

/**
 * Reads reports and names them.
 *
 * @throws {RangeError} If there is not one name for each.
 */
export async function readNamedReports(
  folders: readonly string[],
  { names, what }: { names: readonly string[]; what: string },
): Promise<NamedReport[]> {
  checkNames(names, { count: folders.length, what });
  return await Promise.all(folders.map(async (folder, i) => {
    const { cases } = await readReport(folder);
    return { name: names[i], cases };
  }));
}
