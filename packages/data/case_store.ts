/**
 * Preprocessed cases on disk.
 * @module
 */
import type { ForegroundLocations } from "./foreground_locations.ts";
import type { PreprocessedCase } from "./preprocess_case.ts";
import { type CaseAttributes, caseAttributes, checkAttributes } from "./store/case_attributes.ts";
import { readZarr, type ZarrGroup } from "./zarr/read_zarr.ts";
import { writeZarr, type ZarrArrayInput } from "./zarr/write_zarr.ts";

/** What {@linkcode writeCase} stores chunks with, and what reads without WebAssembly. */
const OWN_CODECS = ["bytes", "zstd", "gzip"];

/**
 * Writes a preprocessed case as a Zarr v3 folder: arrays `image` (float32, z, y, x, channel),
 * `label` (int16, if there is one), `foreground` (int32 voxel indices, label after label) and
 * `annotated` (int32 voxel indices, with an ignore label alone), the rest as attributes. The folder appears whole or not at all.
 *
 * @example
 * ```ts
 * import { preprocessCase, readCase, type Volume, writeCase } from "@mednext/data";
 * import { assertEquals } from "@std/assert";
 *
 * const image: Volume = {
 *   data: Float32Array.of(0, 1, 3, 0),
 *   shape: [1, 1, 4],
 *   channels: 1,
 *   spacing: [1, 1, 1],
 *   affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
 * };
 * const plan = { normalization: [{ scheme: "none" as const }] };
 * const result = preprocessCase({ id: "a", images: [image] }, plan);
 * const path = `${await Deno.makeTempDir()}/a.zarr`;
 * await writeCase(path, result);
 * assertEquals(await readCase(path), result);
 * ```
 *
 * @param path The folder to write, by custom `<id>.zarr`.
 * @param source The case.
 * @throws {Error} If the folder cannot be written.
 */
export async function writeCase(path: string, source: PreprocessedCase): Promise<void> {
  const { image, label, shape, channels, foreground, annotated } = source;
  const axes = ["z", "y", "x"];
  const arrays: Record<string, ZarrArrayInput> = {
    image: { data: image, shape: [...shape, channels], dimensionNames: [...axes, "channel"] },
  };
  if (label) arrays.label = { data: label, shape: [...shape], dimensionNames: axes };
  const count = foreground.reduce((sum, { voxels }) => sum + voxels.length, 0);
  if (count > 0) {
    const data = new Int32Array(count);
    let at = 0;
    for (const { voxels } of foreground) {
      data.set(voxels, at);
      at += voxels.length;
    }
    arrays.foreground = { data, shape: [count], chunks: [count] };
  }
  if (annotated) {
    arrays.annotated = { data: annotated, shape: [annotated.length], chunks: [annotated.length] };
  }
  await writeZarr(path, { attributes: caseAttributes(source), arrays });
}

/**
 * Reads a case that {@linkcode writeCase} wrote. What is read is checked: shapes, indices and
 * geometry must fit each other. No WebAssembly reads it, so that a process without V8's checks of
 * WebAssembly's memory may: other codecs than those of `writeCase` are refused.
 *
 * @param path The folder.
 * @returns The case, equal to the one written.
 * @throws {Error} If the folder cannot be read or is no preprocessed case; every problem is listed.
 */
export async function readCase(path: string): Promise<PreprocessedCase> {
  const group = await readZarr(path, { codecs: OWN_CODECS });
  const problems: string[] = [];
  const attributes = checkAttributes(group.attributes, problems);
  checkArrays(group, attributes, problems);
  if (problems.length > 0) {
    throw new Error(
      `Cannot read the case '${path}':\n${problems.map((p) => `  ${p}`).join("\n")}`,
    );
  }
  const { id, spacing, replacedValues, geometry } = attributes;
  const { image, label, foreground, annotated } = group.arrays;
  return {
    id,
    image: image.data as Float32Array,
    label: label?.data as Int16Array | undefined,
    shape: [...geometry.shape],
    channels: image.shape[3],
    spacing,
    foreground: splitForeground(foreground?.data as Int32Array, attributes),
    ...(annotated ? { annotated: annotated.data as Int32Array } : {}),
    replacedValues,
    geometry,
  };
}

function checkArrays(group: ZarrGroup, attributes: CaseAttributes, problems: string[]): void {
  const { image, label, foreground, annotated } = group.arrays;
  const { shape } = attributes.geometry;
  const text = shape.join(" x ");
  if (
    !(image?.data instanceof Float32Array && image.shape.length === 4 &&
      shape.every((size, axis) => size === image.shape[axis]))
  ) {
    problems.push(`image: expected float32 of ${text} voxels and channels, found ${kind(image)}`);
  }
  if (
    label && !(label.data instanceof Int16Array && label.shape.join(" x ") === text)
  ) {
    problems.push(`label: expected int16 of ${text}, found ${kind(label)}`);
  }
  const voxels = shape.reduce((product, size) => product * size, 1);
  const count = attributes.foreground.reduce((sum, entry) => sum + entry.count, 0);
  checkIndices("foreground", foreground, { count, voxels, problems });
  if (annotated) {
    checkIndices("annotated", annotated, { count: annotated.data.length, voxels, problems });
  }
}

function checkIndices(
  name: string,
  array: ZarrGroup["arrays"][string] | undefined,
  { count, voxels, problems }: { count: number; voxels: number; problems: string[] },
): void {
  const indices = array?.data ?? new Int32Array(0);
  if (!(indices instanceof Int32Array) || indices.length !== count) {
    problems.push(`${name}: expected int32 of ${count}, found ${kind(array)}`);
  } else if (!indices.every((voxel) => voxel >= 0 && voxel < voxels)) {
    problems.push(`${name}: expected indices from 0 to ${voxels - 1}, found others`);
  }
}

function kind(array: ZarrGroup["arrays"][string] | undefined): string {
  return array ? `${array.data.constructor.name} of ${array.shape.join(" x ")}` : "nothing";
}

function splitForeground(
  locations: Int32Array | undefined,
  { foreground }: CaseAttributes,
): ForegroundLocations[] {
  let at = 0;
  return foreground.map(({ label, count }) => {
    const voxels = locations?.slice(at, at + count) ?? new Int32Array(0);
    at += count;
    return { label, voxels };
  });
}
