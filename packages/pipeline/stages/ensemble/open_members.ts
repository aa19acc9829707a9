import { type Dataset, sameGrid } from "@mednext/data";
import type { Activation } from "../../artifacts/probabilities_format.ts";
import { openProbabilities, type Probabilities } from "../../artifacts/probabilities_reader.ts";
import { exists } from "../../run/file_system.ts";

/**
 * Opens the probabilities that several models gave to a case.
 *
 * @throws {RangeError} If one is not there, is of other classes than the data set's, or does not lie voxel
 * on voxel with the first.
 */
export async function openMembers(
  paths: readonly string[],
  { id, dataset }: { id: string; dataset: Dataset },
): Promise<Probabilities[]> {
  const attempt = `Cannot average the probabilities of case ${id}`;
  const { labels, regions } = dataset;
  const activation: Activation = regions === undefined ? "softmax" : "sigmoid";
  const expected = `${activation} of ${(regions ?? labels).map(({ name }) => name).join(", ")}`;
  const members: Probabilities[] = [];
  for (const path of paths) {
    if (!await exists(path)) {
      throw new RangeError(
        `${attempt}: there is no '${path}'; infer with 'probabilities: true' writes it`,
      );
    }
    const member = await openProbabilities(path);
    const found = `${member.activation} of ${member.classes.join(", ")}`;
    if (found !== expected) {
      throw new RangeError(`${attempt}: expected ${expected}, found ${found} in '${path}'`);
    }
    members.push(member);
    const differences = differencesOf(members[0], member);
    if (differences.length > 0) {
      throw new RangeError(
        `${attempt}: expected all on one grid, found different ones in '${paths[0]}' and ` +
          `'${path}': ${differences.join("; ")}`,
      );
    }
  }
  return members;
}

function differencesOf({ geometry: a }: Probabilities, { geometry: b }: Probabilities): string[] {
  const [first, second] = [a, b].map(({ box }) =>
    `${box.start.join(" ")} to ${box.stop.join(" ")}`
  );
  return [
    ...sameGrid(a.orientation.source, b.orientation.source),
    ...(first === second ? [] : [`box: ${first} and ${second} (z y x)`]),
  ];
}
