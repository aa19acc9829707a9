/** What is wrong with each case, one after the other, indented. */
export function listProblems(
  cases: readonly { id: string }[],
  problems: ReadonlyMap<string, string>,
): string {
  const lines = cases.flatMap(({ id }) => {
    const problem = problems.get(id);
    return problem === undefined ? [] : [`${id}: ${problem}`];
  });
  return lines.map((line) => `  ${line.replaceAll("\n", "\n  ")}`).join("\n");
}
