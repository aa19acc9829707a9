import type { StateDict } from "../state_dict.ts";

/**
 * Throws unless a state dict holds exactly the expected names and shapes; lists every fault at once.
 *
 * @param attempted What fails, as in "Cannot <attempted> as …".
 */
export function checkStateDict(
  attempted: string,
  state: StateDict,
  expected: ReadonlyMap<string, readonly number[]>,
): void {
  const faults: string[] = [];
  for (const [name, shape] of expected) {
    const entry = state.get(name);
    if (entry === undefined) {
      faults.push(`"${name}" is missing`);
    } else if (entry.shape.join() !== shape.join()) {
      faults.push(`"${name}" is [${entry.shape.join(", ")}] and must be [${shape.join(", ")}]`);
    } else if (entry.data.length !== shape.reduce((total, size) => total * size, 1)) {
      faults.push(`"${name}" is [${shape.join(", ")}] and has ${entry.data.length} values`);
    }
  }
  for (const name of state.keys()) {
    if (!expected.has(name)) faults.push(`"${name}" is unexpected`);
  }
  if (faults.length > 0) {
    throw new RangeError(
      `Cannot ${attempted} as names and shapes must match: ${faults.join("; ")}`,
    );
  }
}
