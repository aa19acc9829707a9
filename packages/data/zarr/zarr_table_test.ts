import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { DATA, hasData, type Probe, probe, probeDifferences } from "../testdata/sample_data.ts";
import expectedArrays from "../testdata/zarr_expected.json" with { type: "json" };
import refusedArrays from "../testdata/zarr_refused.json" with { type: "json" };
import { openZarrArray } from "./open_zarr_array.ts";
import { readVolume } from "../read_volume.ts";
import { readZarr } from "./read_zarr.ts";
import { readZarrVolume } from "./read_zarr_volume.ts";

/** What the Python package zarr says of one array. */
interface Expected extends Probe {
  shape: number[];
  dtype: string;
}

const isHere = hasData("zarr");
const suffix = isHere ? "" : " (ignored: the sample data are not here)";
const expected = expectedArrays as unknown as Record<string, Expected>;
const refused = refusedArrays as Record<string, string>;

/**
 * Read by us and not by the Python package, which asks for `order: "F"` as a list; its twin has the
 * same values.
 */
const TWINS: Record<string, string> = {
  "zarr/neuroglancer/zarr_v3/from_zarrita/data.zarr/3d.chunked.mixed.i2.F":
    "zarr/neuroglancer/zarr_v3/from_zarrita/data.zarr/3d.chunked.mixed.i2.C",
};

Deno.test({
  name: `openZarrArray() reads every sample array as Python does, or refuses it by name${suffix}`,
  ignore: !isHere,
  async fn() {
    const arrays = foldersBelow("zarr").filter(isArray);
    const problems: string[] = [];
    for (const array of arrays) {
      problems.push(...(await check(array)).map((problem) => `${array}: ${problem}`));
    }
    assertEquals(problems, []);
    const known = [expected, refused, TWINS].flatMap(Object.keys);
    assertEquals([...arrays].sort(), [...new Set(known)].sort());
  },
});

async function check(name: string): Promise<string[]> {
  const path = fromFileUrl(new URL(encodeURI(name), DATA));
  try {
    const array = await openZarrArray(path);
    const values = await array.read();
    const wanted = expected[TWINS[name] ?? name];
    if (!wanted) return ["it was read, but should be refused"];
    const differences = probeDifferences(probe(values, wanted.voxels.map(([i]) => i)), wanted);
    for (const key of ["shape", "dtype"] as const) {
      if (String(array[key]) !== String(wanted[key])) {
        differences.push(`${key} is ${array[key]}, not ${wanted[key]}`);
      }
    }
    return differences;
  } catch (error) {
    const message = (error as Error).message.replaceAll(path, name);
    return message === refused[name] ? [] : [message];
  }
}

function foldersBelow(folder: string): string[] {
  const folders = [...Deno.readDirSync(new URL(encodeURI(folder), DATA))]
    .filter(({ isDirectory }) => isDirectory)
    .flatMap(({ name }) => foldersBelow(`${folder}/${name}`));
  return [folder, ...folders];
}

function isArray(folder: string): boolean {
  const names = [...Deno.readDirSync(new URL(encodeURI(folder), DATA))].map(({ name }) => name);
  if (names.includes(".zarray")) return true;
  if (!names.includes("zarr.json")) return false;
  const text = Deno.readTextFileSync(new URL(`${encodeURI(folder)}/zarr.json`, DATA));
  return JSON.parse(text).node_type === "array";
}

const VOLUMES: [path: string, shape: string, channels: number, spacing: number[]][] = [
  ["zarr/zarr-java/ome/v0.4", "8x16x16", 2, [0.0005, 0.0005, 0.0005]],
  ["zarr/zarr-java/ome/v0.5", "8x16x16", 2, [0.0005, 0.0005, 0.0005]],
  ["zarr/zarr-java/ome/v0.5/labels/nuclei", "8x16x16", 1, [0.0005, 0.0005, 0.0005]],
  ["zarr/neuroglancer/ome_zarr/simple_0.4", "1x10x10", 1, [1, 0.000004, 0.00003]],
  ["zarr/neuroglancer/ome_zarr/simple_0.5", "1x10x10", 1, [1, 0.000004, 0.00003]],
  ["zarr/ome-zarr-py/v1", "1x16x16", 2, [1, 1, 1]],
];

Deno.test({
  name: `readZarrVolume() places OME-Zarr images of 0.1, 0.4 and 0.5${suffix}`,
  ignore: !isHere,
  async fn() {
    for (const [path, shape, channels, spacing] of VOLUMES) {
      const volume = await readZarrVolume(fromFileUrl(new URL(path, DATA)));
      assertEquals([volume.shape.join("x"), volume.channels], [shape, channels], path);
      assertEquals(volume.spacing, spacing as [number, number, number], path);
    }
  },
});

const NO_IMAGES: [path: string, message: string][] = [
  [
    "zarr/zarr-java/ome/v0.4_hcs",
    "Cannot read 'zarr/zarr-java/ome/v0.4_hcs' as OME-Zarr: expected 'multiscales' in its attributes, " +
    "found 'plate' (a collection: give the path of one image in it)",
  ],
  [
    "zarr/neuroglancer/ome_zarr/all_0.6/simple/rotation.zarr",
    "Cannot read 'zarr/neuroglancer/ome_zarr/all_0.6/simple/rotation.zarr' as OME-Zarr: expected a " +
    "version from 0.1 to 0.5, found 0.6.dev1",
  ],
  [
    "zarr/neuroglancer",
    "Cannot read 'zarr/neuroglancer' as Zarr: expected an array or a group, found neither zarr.json nor " +
    ".zarray nor .zgroup",
  ],
];

Deno.test({
  name: `readZarrVolume() says what else a folder is${suffix}`,
  ignore: !isHere,
  async fn() {
    for (const [path, wanted] of NO_IMAGES) {
      const full = fromFileUrl(new URL(path, DATA));
      const message = await readZarrVolume(full).then(() => "read", (error) => error.message);
      assertEquals(message.replaceAll(full, path), wanted);
    }
  },
});

const ZIPS = [
  ["zarr/zarrita/v2/data.zipped_from_within.zarr.zip", "zarr/zarrita/v2/data.zarr"],
  ["zarr/zarrita/v2/data.zipped_from_parent.zarr.zip", "zarr/zarrita/v2/data.zarr"],
  ["zarr/zarrita/v3/data.zipped_from_within.zarr.zip", "zarr/zarrita/v3/data.zarr"],
  ["zarr/zarrita/v3/data.zipped_from_parent.zarr.zip", "zarr/zarrita/v3/data.zarr"],
  ["zarr/zarrita/v3/data.uncompressed.zarr.zip", "zarr/zarrita/v3/data.zarr"],
];

Deno.test({
  name: `readZarr() reads zip files as it reads their folders${suffix}`,
  ignore: !isHere,
  async fn() {
    for (const [zip, folder] of ZIPS) {
      const [a, b] = [zip, folder].map((path) => fromFileUrl(new URL(path, DATA)));
      const arrays = ["1d.chunked.i2", "2d.chunked.ragged.i2", "3d.chunked.mixed.i2.F"];
      const [inZip, inFolder] = [await readZarr(a, { arrays }), await readZarr(b, { arrays })];
      assertEquals(inZip, inFolder, zip);
      assertEquals(inZip.arrays["1d.chunked.i2"].data, Int16Array.of(1, 2, 3, 4));
    }
    const volume = await readVolume(
      fromFileUrl(new URL("zarr/neuroglancer/ome_zarr/simple_0.5.zip", DATA)),
    );
    assertEquals([volume.shape, volume.spacing], [[1, 10, 10], [1, 0.000004, 0.00003]]);
  },
});
