/**
 * Volumes from Zarr and OME-Zarr folders.
 * @module
 */
import * as zarr from "zarrita";
import { DEFAULT_MAX_BYTES } from "../nifti/decode_nifti.ts";
import type { Triple, Volume, VoxelArray } from "../volume.ts";
import { type OmeAxis, type OmeImage, parseOme } from "./ome_metadata.ts";
import { openZarrArray, type ZarrArray } from "./open_zarr_array.ts";
import { openNode } from "./open_node.ts";
import { openStore } from "./store.ts";
import { zarrError } from "./zarr_error.ts";

/** Options of {@linkcode readZarrVolume}. */
export interface ReadZarrVolumeOptions {
  /**
   * Which resolution of an OME-Zarr image; 0 is the highest.
   *
   * @default {0}
   */
  level?: number;
  /**
   * Most bytes that the voxels may take.
   *
   * @default {4294967296}
   */
  maxBytes?: number;
}

/** A volume of a Zarr store. */
export interface ZarrVolume extends Volume {
  /** What the store did not say and how it was taken, one sentence each. */
  notes: string[];
}

/**
 * Reads an OME-Zarr image (0.1 to 0.5), or a single Zarr array, as a volume `[D, H, W, C]` = z, y,
 * x, channel.
 *
 * Axes may be stored in any order; a time axis must have length 1. Scale and translation, in the
 * units of the axes, become the spacing and the affine in millimetres. A single array has axes by
 * its dimension names, or is taken as z, y, x (y, x with two axes) at 1 mm.
 *
 * @example An array as a volume
 * ```ts
 * import { readZarrVolume, writeZarr } from "@mednext/data";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const image = { data: Int16Array.of(1, 2, 3, 4, 5, 6), shape: [1, 2, 3] };
 * await writeZarr(`${folder}/case.zarr`, { arrays: { image } });
 * const volume = await readZarrVolume(`${folder}/case.zarr/image`);
 * assertEquals(volume.shape, [1, 2, 3]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 *
 * @param path The folder or the zip file.
 * @param options Resolution; the limit of memory.
 * @returns The volume and notes.
 * @throws {SyntaxError} if the metadata are not those of an image.
 * @throws {RangeError} if there is more than one point in time, or too much for memory.
 * @throws {Error} if an array cannot be read.
 */
export async function readZarrVolume(
  path: string,
  options: ReadZarrVolumeOptions = {},
): Promise<ZarrVolume> {
  const { array, image } = await openImage(path, options);
  const values = await array.read();
  return { ...place(image), ...arrange(values, array.shape, image.axes), notes: image.notes };
}

/** What the metadata of an image say, without its voxels. */
export async function readZarrInfo(
  path: string,
  options: ReadZarrVolumeOptions = {},
): Promise<Omit<Volume, "data" | "affine"> & { dtype: string }> {
  const { array, image } = await openImage(path, options);
  const { depth, height, width, channels } = axesOf(array.shape, image.axes);
  return {
    shape: [depth.length, height.length, width.length],
    channels: channels.length,
    spacing: place(image).spacing,
    dtype: array.dtype,
  };
}

async function openImage(
  path: string,
  { level = 0, maxBytes = DEFAULT_MAX_BYTES }: ReadZarrVolumeOptions,
): Promise<{ array: ZarrArray; image: OmeImage }> {
  const target = `'${path}'`;
  const store = await openStore(path, maxBytes);
  const node = await zarrError(target, () => openNode(store, ""));
  const isArray = node instanceof zarr.Array;
  const ome = isArray ? undefined : parseOme(node.attrs, level, target);
  const array = await openZarrArray(path, { array: ome?.array ?? "", maxBytes });
  const image = ome ?? plainImage(array, target);
  checkAxes(image.axes, array, target);
  return { array, image };
}

/** What is known of an array that is no OME-Zarr image. */
function plainImage(array: ZarrArray, target: string): OmeImage {
  const rank = array.shape.length;
  const names = array.dimensionNames ??
    (rank === 3 || rank === 2 ? ["z", "y", "x"].slice(-rank) : []);
  const kinds: Record<string, OmeAxis["type"]> = {
    c: "channel",
    t: "time",
    x: "space",
    y: "space",
    z: "space",
  };
  const axes = names.map((name) => ({ name, type: kinds[name], perMillimetre: 1 }));
  const spatial = names.filter((name) => kinds[name] === "space").length;
  if (axes.some(({ type }) => type === undefined) || spatial < 2 || axes.length !== rank) {
    throw new SyntaxError(
      `Cannot read ${target} as a volume: expected the axes z, y, x or dimension names of x, y, z, c and t, ` +
        `found ${rank} axes named ${JSON.stringify(array.dimensionNames ?? [])}`,
    );
  }
  return {
    array: "",
    axes,
    scale: axes.map(() => 1),
    translation: axes.map(() => 0),
    notes: ["a plain array has no spacing and no orientation: 1 mm and RAS are taken"],
  };
}

function checkAxes(axes: OmeAxis[], { shape }: ZarrArray, target: string): void {
  if (shape.length !== axes.length) {
    throw new SyntaxError(
      `Cannot read ${target} as a volume: expected ${axes.length} axes in its array, found ` +
        `${shape.length}`,
    );
  }
  const time = axes.findIndex(({ type }) => type === "time");
  if (time >= 0 && shape[time] !== 1) {
    throw new RangeError(
      `Cannot read ${target} as a volume: expected one point in time, found ${shape[time]}`,
    );
  }
  if (!shape.includes(0)) return;
  throw new RangeError(
    `Cannot read ${target} as a volume: expected at least one voxel, found ${shape.join("x")}`,
  );
}

/** Spacing and affine of the axes x, y, z; an axis z that is not there is 1 mm thick. */
function place({ axes, scale, translation }: OmeImage): Pick<Volume, "spacing" | "affine"> {
  const [x, y, z] = ["x", "y", "z"].map((name) => {
    const axis = axes.findIndex((entry) => entry.name === name);
    if (axis < 0) return [1, 0];
    return [scale[axis] / axes[axis].perMillimetre, translation[axis] / axes[axis].perMillimetre];
  });
  return {
    spacing: [z[0], y[0], x[0]],
    affine: [x[0], 0, 0, x[1], 0, y[0], 0, y[1], 0, 0, z[0], z[1], 0, 0, 0, 1],
  };
}

/** Length of the axes z, y, x and channel, and the distance of two values along them. */
function axesOf(stored: number[], axes: OmeAxis[]) {
  const strides = stored.map((_, axis) => stored.slice(axis + 1).reduce((step, n) => step * n, 1));
  const [depth, height, width, channels] = ["z", "y", "x", "channel"].map((wanted) => {
    const axis = axes.findIndex(({ name, type }) => name === wanted || type === wanted);
    return axis < 0 ? { length: 1, stride: 0 } : { length: stored[axis], stride: strides[axis] };
  });
  return { depth, height, width, channels };
}

/** Brings the values into the order z, y, x, channel. */
function arrange(
  values: VoxelArray,
  stored: number[],
  axes: OmeAxis[],
): Pick<Volume, "data" | "shape" | "channels"> {
  const { depth, height, width, channels } = axesOf(stored, axes);
  const shape: Triple = [depth.length, height.length, width.length];
  const data = values.slice();
  let to = 0;
  for (let d = 0; d < depth.length; d++) {
    for (let h = 0; h < height.length; h++) {
      for (let w = 0; w < width.length; w++) {
        const from = d * depth.stride + h * height.stride + w * width.stride;
        for (let c = 0; c < channels.length; c++) data[to++] = values[from + c * channels.stride];
      }
    }
  }
  return { data, shape, channels: channels.length };
}
