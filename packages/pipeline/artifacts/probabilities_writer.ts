import {
  type Box,
  type CaseGeometry,
  createZarrArray,
  fromCanonical,
  type Orientation,
  type ScoreRow,
  type Triple,
} from "@mednext/data";
import {
  type Activation,
  ARRAY,
  AXES,
  FORMAT,
  type ProbabilitiesAttributes,
  VERSION,
} from "./probabilities_format.ts";

/** Rows that are held until they are written; the thickness of the chunks. */
const THICKNESS = 8;

/** How {@linkcode createProbabilitiesWriter} writes. */
export interface ProbabilitiesWriterOptions {
  /** Names of the classes or regions. */
  classes: string[];
  /** What made the probabilities. */
  activation: Activation;
}

/** Takes the probabilities of a case, row by row. */
export interface ProbabilitiesWriter {
  /** Takes the next row of the case's cropped box, in order; the row is copied. */
  write(row: ScoreRow): Promise<void>;
  /** Gives the folder its name. */
  finish(): Promise<void>;
  /** Removes what was written. */
  discard(): Promise<void>;
}

/** Writes the probabilities of a case, in the axes of the image's file, a few rows in memory at a time. */
export async function createProbabilitiesWriter(
  path: string,
  geometry: CaseGeometry,
  { classes, activation }: ProbabilitiesWriterOptions,
): Promise<ProbabilitiesWriter> {
  const { orientation, box } = geometry;
  const inFile = boxInFile(orientation, box);
  const shape = sizeOf(inFile);
  const axis = orientation.axes[0];
  const writer = await createZarrArray(path, {
    name: ARRAY,
    shape: [...shape, classes.length],
    chunks: [...shape.map((_, i) => i === axis ? THICKNESS : 64), classes.length],
    dtype: "float16",
    dimensionNames: AXES,
    attributes: {
      format: FORMAT,
      version: VERSION,
      activation,
      classes,
      grid: orientation.source,
      box: inFile,
    } satisfies ProbabilitiesAttributes,
  });
  const [depth, ...plane] = sizeOf(box);
  let rows: Float32Array[] = [];

  /** Writes the rows that are held, of which the last is row `index` of the box. */
  async function flush(index: number): Promise<void> {
    const start = [0, 0, 0, 0];
    start[axis] = orientation.flipped[0] ? depth - 1 - index : index + 1 - rows.length;
    const data = new Float32Array(rows.length * rows[0].length);
    rows.forEach((row, i) => data.set(row, i * row.length));
    const block = fromCanonical({
      data,
      shape: [rows.length, ...plane] as Triple,
      channels: classes.length,
      spacing: geometry.spacing,
      affine: orientation.canonical.affine,
    }, orientation);
    rows = [];
    await writer.write(start, {
      data: block.data as Float32Array,
      shape: [...block.shape, classes.length],
    });
  }
  return {
    async write({ index, scores }) {
      rows.push(scores.slice());
      const inArray = orientation.flipped[0] ? depth - 1 - index : index + 1;
      if (inArray % THICKNESS === 0 || index === depth - 1) await flush(index);
    },
    finish: () => writer.finish(),
    discard: () => writer.discard(),
  };
}

/** The box of the reoriented image, in the axes of the file. */
function boxInFile({ axes, flipped, canonical }: Orientation, box: Box): Box {
  const result: Box = { start: [0, 0, 0], stop: [0, 0, 0] };
  axes.forEach((source, i) => {
    const length = canonical.shape[i];
    result.start[source] = flipped[i] ? length - box.stop[i] : box.start[i];
    result.stop[source] = flipped[i] ? length - box.start[i] : box.stop[i];
  });
  return result;
}

function sizeOf({ start, stop }: Box): Triple {
  return stop.map((end, axis) => end - start[axis]) as Triple;
}
