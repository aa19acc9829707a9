import { isObject, type Json } from "./json.ts";

/** One axis of a stored image. */
export interface OmeAxis {
  name: string;
  type: "space" | "channel" | "time";
  /** How many of the axis's unit make a millimetre; 1 for what is not space. */
  perMillimetre: number;
}

/** Where an image's array is and how its indices become positions. */
export interface OmeImage {
  /** Path of the array of the chosen resolution. */
  array: string;
  axes: OmeAxis[];
  /** For each axis: distance between voxels and position of the first, in the axis's unit. */
  scale: number[];
  translation: number[];
  notes: string[];
}

/** How many of each unit of space of the OME-NGFF specification make a millimetre. */
const PER_MILLIMETRE: Readonly<Record<string, number>> = {
  angstrom: 1e7,
  picometer: 1e9,
  nanometer: 1e6,
  micrometer: 1e3,
  millimeter: 1,
  centimeter: 0.1,
  decimeter: 0.01,
  meter: 0.001,
  inch: 1 / 25.4,
};

/** 0.1 to 0.5, also with a suffix such as `-dev`. */
const VERSIONS = /^0\.[1-5](-|$)/;

/** Reads the metadata of an OME-Zarr image (0.1 to 0.5) from its group's attributes. */
export function parseOme(attributes: Json, level: number, target: string): OmeImage {
  const cannot = `Cannot read ${target} as OME-Zarr`;
  const ome = (attributes.ome ?? attributes) as Json;
  const [multiscale] = (Array.isArray(ome.multiscales) ? ome.multiscales : []) as Json[];
  if (!isObject(multiscale)) {
    throw new SyntaxError(
      `${cannot}: expected 'multiscales' in its attributes, found ${keysOf(ome)}${hint(ome)}`,
    );
  }
  const version = String(ome.version ?? multiscale.version ?? "0.4");
  if (!VERSIONS.test(version)) {
    throw new TypeError(`${cannot}: expected a version from 0.1 to 0.5, found ${version}`);
  }
  const datasets = (Array.isArray(multiscale.datasets) ? multiscale.datasets : []) as Json[];
  const dataset = datasets[level];
  if (!isObject(dataset) || typeof dataset.path !== "string") {
    throw new RangeError(
      `${cannot}: expected a resolution ${level} with a path, found ${datasets.length} resolution(s)`,
    );
  }
  const axes = parseAxes(multiscale.axes, cannot);
  const place = { scale: axes.map(() => 1), translation: axes.map(() => 0) };
  const notes: string[] = [];
  const transforms = [dataset.coordinateTransformations, multiscale.coordinateTransformations];
  if (transforms.every((list) => list === undefined)) {
    notes.push("no scale is given: the spacing is taken as 1 mm");
  }
  for (const list of transforms) applyTransforms(place, list ?? [], cannot);
  notes.push(
    "the format says nothing about orientation: x, y, z are taken as right, anterior, superior",
  );
  return { array: dataset.path, axes, ...place, notes };
}

function keysOf(value: Json): string {
  const keys = Object.keys(value);
  return keys.length === 0 ? "nothing" : keys.slice(0, 8).map((key) => `'${key}'`).join(", ");
}

/** Collections of images are groups too. */
function hint(ome: Json): string {
  const isCollection = "plate" in ome || "well" in ome || "labels" in ome ||
    "bioformats2raw.layout" in ome;
  return isCollection ? " (a collection: give the path of one image in it)" : "";
}

function parseAxes(stored: unknown, cannot: string): OmeAxis[] {
  // Before 0.3 every image had these five.
  const list = stored ?? ["t", "c", "z", "y", "x"];
  const axes = Array.isArray(list) ? list.map((axis) => parseAxis(axis, cannot)) : [];
  const names = axes.filter(({ type }) => type === "space").map(({ name }) => name);
  const isSpatial = ["z,y,x", "y,x"].includes([...names].sort().reverse().join(","));
  if (isSpatial && new Set(axes.map(({ name }) => name)).size === axes.length) return axes;
  throw new SyntaxError(
    `${cannot}: expected axes x, y and perhaps z, c and t, found ${JSON.stringify(stored)}`,
  );
}

function parseAxis(stored: unknown, cannot: string): OmeAxis {
  const { name, type, unit } = (typeof stored === "string" ? { name: stored } : stored) as Json;
  const kind = type ?? (name === "t" ? "time" : name === "c" ? "channel" : "space");
  if (kind !== "space" && kind !== "channel" && kind !== "time") {
    throw new TypeError(
      `${cannot}: expected axes of space, channels or time, found ${JSON.stringify(stored)}`,
    );
  }
  const known = kind === "space" && unit !== undefined ? PER_MILLIMETRE[String(unit)] : 1;
  if (known === undefined) {
    throw new TypeError(
      `${cannot}: expected a unit of ${Object.keys(PER_MILLIMETRE).join(", ")}, found '${unit}'`,
    );
  }
  return { name: String(name).toLowerCase(), type: kind, perMillimetre: known };
}

function applyTransforms(
  place: { scale: number[]; translation: number[] },
  transforms: unknown,
  cannot: string,
): void {
  for (const transform of Array.isArray(transforms) ? transforms as Json[] : [undefined]) {
    const type = transform?.type;
    if (type === "identity") continue;
    const values = type === "scale" || type === "translation" ? transform?.[type] : undefined;
    const isVector = Array.isArray(values) && values.length === place.scale.length &&
      values.every((value) => Number.isFinite(value) && (type === "translation" || value > 0));
    if (!isVector) {
      throw new SyntaxError(
        `${cannot}: expected a scale (above 0) or a translation with ${place.scale.length} numbers, ` +
          `found ${JSON.stringify(transform ?? transforms)}`,
      );
    }
    for (let axis = 0; axis < values.length; axis++) {
      if (type === "scale") place.scale[axis] *= values[axis];
      place.translation[axis] = type === "scale"
        ? place.translation[axis] * values[axis]
        : place.translation[axis] + values[axis];
    }
  }
}
