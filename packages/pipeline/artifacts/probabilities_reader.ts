import {
  type Box,
  type CaseGeometry,
  openZarrArray,
  readZarr,
  type ScoreRow,
  type Triple,
} from "@mednext/data";
import { checkAgainst } from "../graph/check.ts";
import { formatPath } from "../graph/locate.ts";
import {
  type Activation,
  ARRAY,
  PROBABILITIES_SCHEMA,
  type ProbabilitiesAttributes,
} from "./probabilities_format.ts";

/** At most so many bytes are read at a time; a single row of more is refused. */
const LARGEST_READ = 2 ** 30;

/** Class probabilities of a case, to be read row by row. */
export interface Probabilities {
  /** Softmax: the classes of a voxel add up to 1. Sigmoid: each region is a question of its own. */
  activation: Activation;
  /** Names of the classes or regions, in the order of the values. */
  classes: string[];
  /**
   * The box of the image that they cover, in the axes of the image's file: what `createMaskPainter`
   * takes. Probabilities of the same `orientation.source` and `box` lie voxel on voxel.
   */
  geometry: CaseGeometry;
  /** All rows along D of the box in order, `[H, W, classes]` each; a few are in memory at a time. */
  rows(): AsyncGenerator<ScoreRow>;
}

/**
 * Opens the probabilities of a case.
 *
 * @param path The folder, `ID.zarr`.
 * @returns What they are of; no values are read yet.
 * @throws {Error} If the folder cannot be read.
 * @throws {SyntaxError} If it holds no probabilities; every problem is listed.
 */
export async function openProbabilities(path: string): Promise<Probabilities> {
  const { attributes } = await readZarr(path, { arrays: [] });
  const problems = checkAgainst(PROBABILITIES_SCHEMA, attributes).map(({ path, text }) =>
    path.length === 0 ? text : `${formatPath(path)}: ${text}`
  );
  const attempt = `Cannot read probabilities from '${path}'`;
  if (problems.length > 0) throw new SyntaxError(`${attempt}: ${problems.join("; ")}`);
  const { activation, classes, grid, box } = attributes as unknown as ProbabilitiesAttributes;
  const array = await openZarrArray(path, { array: ARRAY, maxBytes: LARGEST_READ });
  const shape = box.stop.map((stop, axis) => stop - box.start[axis]) as Triple;
  const expected = [...shape, classes.length];
  const isInside = shape.every((size) => size > 0) &&
    box.stop.every((stop, axis) => stop <= grid.shape[axis]);
  if (
    !isInside || String(array.shape) !== String(expected) || !/^float(16|32)$/.test(array.dtype)
  ) {
    throw new SyntaxError(
      `${attempt}: expected float16 or float32 of ${expected.join(" x ")} in an image of ` +
        `${grid.shape.join(" x ")}, found ${array.dtype} of ${array.shape.join(" x ")}`,
    );
  }
  return {
    activation,
    classes,
    geometry: geometryOf(grid, box, shape),
    async *rows() {
      const [depth, height, width] = shape;
      const fitting = Math.floor(LARGEST_READ / (4 * height * width * classes.length));
      const thickness = Math.max(1, Math.min(array.chunks[0], fitting));
      for (let start = 0; start < depth; start += thickness) {
        const stop = Math.min(depth, start + thickness);
        const region = [[start, stop], [0, height], [0, width], [0, classes.length]] as const;
        const values = await array.read(region) as Float32Array;
        const length = values.length / (stop - start);
        for (let row = 0; row < stop - start; row++) {
          const scores = values.subarray(row * length, (row + 1) * length);
          yield { index: start + row, scores };
        }
      }
    },
  };
}

/** Nothing is reoriented and nothing resampled: the array has the axes and the voxels of the file. */
function geometryOf(
  grid: ProbabilitiesAttributes["grid"],
  box: Box,
  shape: Triple,
): CaseGeometry {
  return {
    orientation: {
      axes: [0, 1, 2],
      flipped: [false, false, false],
      source: grid,
      canonical: { shape: grid.shape, affine: grid.affine },
    },
    box,
    spacing: grid.spacing,
    newSpacing: grid.spacing,
    shape,
  };
}
