import { isCaseId } from "@mednext/data";

/**
 * Refuses ids that cannot name a file: they become parts of paths, and a manifest that comes from
 * elsewhere must not lead out of its folder.
 *
 * @throws {SyntaxError} That names every id that is refused.
 */
export function checkCaseIds(ids: readonly string[], path: string): void {
  const refused = ids.filter((id) => !isCaseId(id));
  if (refused.length === 0) return;
  throw new SyntaxError(
    `Cannot read the cases in '${path}': expected ids that can name a file, found ${
      refused.map((id) => JSON.stringify(id)).join(", ")
    }`,
  );
}
