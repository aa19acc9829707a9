import { assertEquals, assertRejects } from "@std/assert";
import { readVolume } from "../read_volume.ts";
import { readZarrVolume } from "./read_zarr_volume.ts";
import { writeZarr } from "./write_zarr.ts";

type Json = Record<string, unknown>;

const SPACE = ["z", "y", "x"].map((name) => ({ name, type: "space", unit: "micrometer" }));
const SCALE = { type: "scale", scale: [500, 200, 100] };

/** Writes an image with one or more resolutions and runs the test on it. */
async function withImage(
  multiscale: Json,
  shapes: number[][],
  test: (path: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const arrays = Object.fromEntries(shapes.map((shape, level) => {
    const length = shape.reduce((product, n) => product * n, 1);
    return [`s${level}`, { shape, data: Int16Array.from({ length }, (_, i) => i + 100 * level) }];
  }));
  const datasets = shapes.map((_, level) => ({
    path: `s${level}`,
    coordinateTransformations: [SCALE],
  }));
  const multiscales = [{ axes: SPACE, datasets, ...multiscale }];
  try {
    await writeZarr(`${folder}/a.zarr`, {
      attributes: { ome: { version: "0.5", multiscales } },
      arrays,
    });
    await test(`${folder}/a.zarr`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("readZarrVolume() turns scales and translations into millimetres", () =>
  withImage(
    {
      datasets: [{
        path: "s0",
        coordinateTransformations: [SCALE, { type: "translation", translation: [1000, -500, 250] }],
      }],
      coordinateTransformations: [{ type: "scale", scale: [2, 1, 1] }],
    },
    [[2, 3, 4]],
    async (path) => {
      const volume = await readZarrVolume(path);
      assertEquals([volume.shape, volume.spacing], [[2, 3, 4], [1, 0.2, 0.1]]);
      assertEquals(volume.affine, [0.1, 0, 0, 0.25, 0, 0.2, 0, -0.5, 0, 0, 1, 2, 0, 0, 0, 1]);
      assertEquals(volume.data, Int16Array.from({ length: 24 }, (_, i) => i));
      assertEquals(volume.notes, [
        "the format says nothing about orientation: x, y, z are taken as right, anterior, superior",
      ]);
    },
  ));

Deno.test("readZarrVolume() takes the resolution that is asked for", () =>
  withImage({}, [[4, 4, 4], [2, 2, 2]], async (path) => {
    assertEquals((await readZarrVolume(path)).shape, [4, 4, 4]);
    assertEquals((await readZarrVolume(path, { level: 1 })).data[0], 100);
    const error = await assertRejects(() => readZarrVolume(path, { level: 2 }), RangeError);
    assertEquals(
      error.message,
      `Cannot read '${path}' as OME-Zarr: expected a resolution 2 with a path, found 2 resolution(s)`,
    );
  }));

Deno.test("readZarrVolume() brings any order of axes into z, y, x, channel", () => {
  const axes = [
    { name: "x", type: "space", unit: "millimeter" },
    { name: "t", type: "time", unit: "second" },
    { name: "c", type: "channel" },
    { name: "y", type: "space", unit: "centimeter" },
    { name: "z", type: "space" },
  ];
  const scale = { type: "scale", scale: [1.5, 1, 1, 2, 3] };
  const datasets = [{ path: "s0", coordinateTransformations: [scale] }];
  return withImage({ axes, datasets }, [[2, 1, 2, 1, 3]], async (path) => {
    const volume = await readZarrVolume(path);
    assertEquals([volume.shape, volume.channels], [[3, 1, 2], 2]);
    assertEquals(volume.spacing, [3, 20, 1.5]);
    // Stored as x, c, z: value = 6 x + 3 c + z.
    assertEquals(volume.data, Int16Array.of(0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11));
  });
});

const REFUSED: [multiscale: Json, shape: number[], message: string][] = [
  [
    { axes: [{ name: "t", type: "time" }, ...SPACE.slice(1)] },
    [2, 3, 4],
    "' as a volume: expected one point in time, found 2",
  ],
  [
    { axes: SPACE.slice(1) },
    [2, 3, 4],
    "' as OME-Zarr: expected a scale (above 0) or a translation with 2 numbers, found " +
    '{"type":"scale","scale":[500,200,100]}',
  ],
  [
    { axes: [{ name: "z", type: "space", unit: "parsec" }, ...SPACE.slice(1)] },
    [2, 3, 4],
    "' as OME-Zarr: expected a unit of angstrom, picometer, nanometer, micrometer, millimeter, centimeter, " +
    "decimeter, meter, inch, found 'parsec'",
  ],
  [
    { axes: ["q", "y", "x"] },
    [2, 3, 4],
    `' as OME-Zarr: expected axes x, y and perhaps z, c and t, found ["q","y","x"]`,
  ],
  [
    { coordinateTransformations: [{ type: "scale", scale: [1, 0, 1] }] },
    [2, 3, 4],
    "' as OME-Zarr: expected a scale (above 0) or a translation with 3 numbers, found " +
    '{"type":"scale","scale":[1,0,1]}',
  ],
  [
    { datasets: [{ path: "../../etc", coordinateTransformations: [SCALE] }] },
    [2, 3, 4],
    "' as Zarr: expected an array or a group, found neither zarr.json nor .zarray nor .zgroup",
  ],
  [{}, [3, 4], "' as a volume: expected 3 axes in its array, found 2"],
];

Deno.test("readZarrVolume() names what is wrong with an image", async () => {
  for (const [multiscale, shape, wanted] of REFUSED) {
    await withImage(multiscale, [shape], async (path) => {
      const error = await assertRejects(() => readZarrVolume(path), Error);
      assertEquals(error.message.slice(error.message.indexOf(path) + path.length), wanted);
    });
  }
});

Deno.test("readVolume() takes plain arrays by the names of their axes", async () => {
  const folder = await Deno.makeTempDir();
  const data = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  await writeZarr(`${folder}/a`, {
    arrays: {
      named: { data, shape: [2, 2, 2], dimensionNames: ["c", "y", "x"] },
      plain: { data, shape: [2, 2, 2] },
      four: { data, shape: [2, 2, 2, 1] },
    },
  });
  const named = await readVolume(`${folder}/a/named`);
  assertEquals([named.shape, named.channels], [[1, 2, 2], 2]);
  assertEquals(named.data, Uint8Array.of(1, 5, 2, 6, 3, 7, 4, 8));
  const plain = await readVolume(`${folder}/a/plain`);
  assertEquals([plain.shape, plain.spacing], [[2, 2, 2], [1, 1, 1]]);
  assertEquals(plain.notes, [
    "a plain array has no spacing and no orientation: 1 mm and RAS are taken",
  ]);
  const error = await assertRejects(() => readVolume(`${folder}/a/four`), SyntaxError);
  assertEquals(
    error.message,
    `Cannot read '${folder}/a/four' as a volume: expected the axes z, y, x or dimension names of x, y, z, c ` +
      "and t, found 4 axes named []",
  );
  const missing = await assertRejects(() => readVolume(`${folder}/b`), Error);
  assertEquals(missing.message, `Cannot read '${folder}/b': no such file or folder`);
  await Deno.remove(folder, { recursive: true });
});
