/**
 * The connected components of a mask as runs along W: memory grows with the surface, not with the
 * volume.
 * @module
 */

/** Which voxels are neighbours: those that share a face (6), an edge too (18), or a corner too (26). */
export type Connectivity = 6 | 18 | 26;

/** Runs of mask voxels along W in C order, each with the component that it belongs to. */
export interface Runs {
  /** First voxel of each run. */
  starts: Int32Array;
  /** The voxel behind the last one of each run. */
  ends: Int32Array;
  /** Component of each run, from 0, numbered by their first voxels. */
  components: Int32Array;
  /** Voxels of each component. */
  sizes: number[];
}

/** Earlier rows that touch a row: their offsets along D and H, and how far a run reaches along W. */
const NEIGHBOURS: Record<Connectivity, readonly (readonly [number, number, number])[]> = {
  6: [[0, -1, 0], [-1, 0, 0]],
  18: [[0, -1, 1], [-1, 0, 1], [-1, -1, 0], [-1, 1, 0]],
  26: [[0, -1, 1], [-1, 0, 1], [-1, -1, 1], [-1, 1, 1]],
};

/** Finds the runs of a mask `[D, H, W]` (not 0: inside) and joins them to components. */
export function findRuns(
  mask: ArrayLike<number>,
  { shape, connectivity }: { shape: readonly number[]; connectivity: Connectivity },
): Runs {
  const [depth, height, width] = shape;
  const { starts, ends, rows } = listRuns(mask, depth * height, width);
  const parents = starts.map((_, run) => run);
  for (let row = 0; row < depth * height; row++) {
    if (rows[row] === rows[row + 1]) continue;
    const z = Math.floor(row / height), y = row % height;
    for (const [dz, dy, reach] of NEIGHBOURS[connectivity]) {
      if (z + dz < 0 || y + dy < 0 || y + dy >= height) continue;
      const other = row + dz * height + dy;
      const shift = (row - other) * width;
      joinRows({ starts, ends, parents, shift, reach }, {
        before: [rows[other], rows[other + 1]],
        here: [rows[row], rows[row + 1]],
      });
    }
  }
  return { starts, ends, ...numberComponents({ starts, ends, parents }) };
}

/** The runs of each row, and the index of each row's first one. */
function listRuns(mask: ArrayLike<number>, rowCount: number, width: number) {
  const rows = new Int32Array(rowCount + 1);
  for (let row = 0; row < rowCount; row++) {
    let count = 0;
    for (let i = row * width; i < (row + 1) * width; i++) {
      if (mask[i] !== 0 && (i === row * width || mask[i - 1] === 0)) count++;
    }
    rows[row + 1] = rows[row] + count;
  }
  const starts = new Int32Array(rows[rowCount]), ends = new Int32Array(rows[rowCount]);
  for (let row = 0, run = 0; row < rowCount; row++) {
    const end = (row + 1) * width;
    for (let i = row * width; i < end; i++) {
      if (mask[i] === 0) continue;
      starts[run] = i;
      while (i < end && mask[i] !== 0) i++;
      ends[run++] = i;
    }
  }
  return { starts, ends, rows };
}

/** Joins the runs of two rows where they touch; both are walked once. */
function joinRows(
  { starts, ends, parents, shift, reach }: {
    starts: Int32Array;
    ends: Int32Array;
    parents: Int32Array;
    shift: number;
    reach: number;
  },
  { before, here }: { before: [number, number]; here: [number, number] },
): void {
  let [a, lastA] = before, [b, lastB] = here;
  while (a < lastA && b < lastB) {
    const start = starts[a] + shift, end = ends[a] + shift;
    if (start < ends[b] + reach && starts[b] < end + reach) join(parents, a, b);
    // The next run begins at least one voxel behind this one, so the one that ends first is done with.
    if (end < ends[b]) a++;
    else b++;
  }
}

/** The first run of the component that a run belongs to. */
function rootOf(parents: Int32Array, run: number): number {
  while (parents[run] !== run) {
    parents[run] = parents[parents[run]];
    run = parents[run];
  }
  return run;
}

function join(parents: Int32Array, a: number, b: number): void {
  const first = rootOf(parents, a), second = rootOf(parents, b);
  if (first < second) parents[second] = first;
  else parents[first] = second;
}

function numberComponents(
  { starts, ends, parents }: { starts: Int32Array; ends: Int32Array; parents: Int32Array },
): Pick<Runs, "components" | "sizes"> {
  const components = new Int32Array(starts.length);
  const sizes: number[] = [];
  for (let run = 0; run < starts.length; run++) {
    const root = rootOf(parents, run); // never behind its runs, so it has its number already
    components[run] = root === run ? sizes.push(0) - 1 : components[root];
    sizes[components[run]] += ends[run] - starts[run];
  }
  return { components, sizes };
}
