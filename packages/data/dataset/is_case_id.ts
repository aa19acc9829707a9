/**
 * Whether a text can be the id of a case: a file name on every system, so that what is kept of a
 * case can be named after it. Ids that come from outside are to be checked before they become a
 * part of a path.
 *
 * @example
 * ```ts
 * import { isCaseId } from "@mednext/data/is-case-id";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(isCaseId("liver_1"), true);
 * assertEquals(isCaseId("../liver_1"), false);
 * ```
 *
 * @param id The text.
 * @returns True for 1 to 200 characters without separators, control characters and others that a
 * file system refuses, that do not begin with a dot or end with a dot or a space.
 */
export function isCaseId(id: string): boolean {
  return /^[^\\/:*?"<>|\p{Cc}]{1,200}$/u.test(id) && !/^\.|[. ]$/.test(id);
}
