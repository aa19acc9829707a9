import { readZarr } from "@mednext/data";

/**
 * Says what none of the training cases holds, so that the network cannot learn it; it is trained all the same. Only
 * the attributes of the cases are read, and no more of them than it takes.
 *
 * @param cases The folders of the training cases.
 * @param names Names of the foreground classes or regions, in their order.
 */
export async function absentNotes(
  cases: readonly { path: string }[],
  names: readonly string[],
): Promise<string[]> {
  const absent = new Set(names);
  for (const { path } of cases) {
    if (absent.size === 0) break;
    const { attributes } = await readZarr(path, { arrays: [] });
    // What it says is checked in full when the case is read.
    const foreground = attributes.foreground as { label: number }[];
    for (const { label } of foreground) absent.delete(names[label - 1]);
  }
  return [...absent].map((name) => `no training case holds ${name}: it cannot be learnt`);
}
