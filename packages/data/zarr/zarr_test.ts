import { assertEquals, assertRejects } from "@std/assert";
import { gzipSync } from "fflate";
import { openZarrArray } from "./open_zarr_array.ts";
import { readZarr } from "./read_zarr.ts";
import { writeZarr, type WriteZarrOptions } from "./write_zarr.ts";

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const IMAGE = { data: Float32Array.from({ length: 210 }, (_, i) => i / 7 - 3), shape: [5, 6, 7] };

/** A v3 array in its own words, with the chunks given. */
async function store(
  path: string,
  metadata: Record<string, unknown>,
  chunks: Record<string, Uint8Array> = {},
): Promise<void> {
  await Deno.mkdir(`${path}/c`, { recursive: true });
  const array = {
    zarr_format: 3,
    node_type: "array",
    shape: [4],
    data_type: "uint8",
    chunk_grid: { name: "regular", configuration: { chunk_shape: [4] } },
    chunk_key_encoding: { name: "default" },
    codecs: [{ name: "bytes" }],
    fill_value: 7,
    attributes: {},
    ...metadata,
  };
  await Deno.writeTextFile(`${path}/zarr.json`, JSON.stringify(array));
  for (const [name, bytes] of Object.entries(chunks)) {
    await Deno.writeFile(`${path}/c/${name}`, bytes);
  }
}

async function message(path: string, options = {}): Promise<string> {
  const error = await assertRejects(
    async () => await (await openZarrArray(path, options)).read(),
    Error,
  );
  return error.message.replaceAll(path, "a");
}

Deno.test("readZarr() gives back what writeZarr() wrote, in every compression and chunking", () =>
  inFolder(async (folder) => {
    for (const compression of ["zstd", "gzip", "none"] as WriteZarrOptions["compression"][]) {
      for (const chunks of [undefined, [2, 4, 7], [1, 1, 1], [100, 100, 100]]) {
        const padded = new Float32Array(212);
        padded.set(IMAGE.data, 2);
        const group = {
          attributes: { spacing: [1.5, 1, 1], nested: { text: "é" } },
          arrays: {
            image: { ...IMAGE, data: padded.subarray(2), chunks, dimensionNames: ["z", "y", "x"] },
            label: { data: Uint8Array.of(1, 2, 3), shape: [3], attributes: { kind: "label" } },
          },
        };
        await writeZarr(`${folder}/a.zarr`, group, { compression });
        const read = await readZarr(`${folder}/a.zarr`);
        assertEquals(read.attributes, group.attributes);
        assertEquals(read.arrays.image.data, IMAGE.data);
        assertEquals(read.arrays.image.dimensionNames, ["z", "y", "x"]);
        assertEquals(read.arrays.label.data, group.arrays.label.data);
        assertEquals(read.arrays.label.attributes, { kind: "label" });
      }
    }
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["a.zarr"]);
  }));

Deno.test("writeZarr() gives the same bytes each time", () =>
  inFolder(async (folder) => {
    for (const compression of ["zstd", "gzip", "none"] as const) {
      const bytes = [];
      for (const name of ["a", "b"]) {
        await writeZarr(`${folder}/${name}`, { arrays: { image: IMAGE } }, { compression });
        bytes.push(await Deno.readFile(`${folder}/${name}/image/c/0/0/0`));
      }
      assertEquals(bytes[0], bytes[1]);
    }
  }));

Deno.test("openZarrArray() reads any region as it is in the whole", () =>
  inFolder(async (folder) => {
    await writeZarr(`${folder}/a`, { arrays: { image: { ...IMAGE, chunks: [2, 4, 3] } } });
    const array = await openZarrArray(`${folder}/a`, { array: "image" });
    for (
      const [z, y, x] of [[[0, 5], [0, 6], [0, 7]], [[1, 4], [3, 5], [2, 7]], [[4, 5], [5, 6], [
        6,
        7,
      ]]]
    ) {
      const wanted: number[] = [];
      for (let d = z[0]; d < z[1]; d++) {
        for (let h = y[0]; h < y[1]; h++) {
          for (let w = x[0]; w < x[1]; w++) wanted.push(IMAGE.data[(d * 6 + h) * 7 + w]);
        }
      }
      const region = [z, y, x] as unknown as [number, number][];
      assertEquals(await array.read(region), Float32Array.from(wanted));
    }
    assertEquals(await array.read([[2, 2], [0, 6], [0, 7]]), new Float32Array(0));
    const error = await assertRejects(() => array.read([[0, 6], [0, 6], [0, 7]]), RangeError);
    assertEquals(
      error.message,
      `Cannot read a region of the array 'image' of '${folder}/a': expected one inside of 5x6x7, found ` +
        "[[0,6],[0,6],[0,7]]",
    );
  }));

Deno.test("writeZarr() replaces a Zarr folder and nothing else", () =>
  inFolder(async (folder) => {
    await writeZarr(`${folder}/a`, { arrays: { old: IMAGE } });
    await writeZarr(`${folder}/a`, { arrays: { new: IMAGE } });
    assertEquals(Object.keys((await readZarr(`${folder}/a`)).arrays), ["new"]);
    await Deno.mkdir(`${folder}/papers`);
    await Deno.writeTextFile(`${folder}/papers/thesis.txt`, "years");
    const error = await assertRejects(() =>
      writeZarr(`${folder}/papers`, { arrays: { image: IMAGE } })
    );
    assertEquals(
      (error as Error).message,
      `Cannot write '${folder}/papers': something that is no Zarr folder has that name`,
    );
    assertEquals(await Deno.readTextFile(`${folder}/papers/thesis.txt`), "years");
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), ["a", "papers"]);
  }));

Deno.test("writeZarr() checks shapes and names before it writes", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a`;
    const cases: [Record<string, typeof IMAGE & { chunks?: number[] }>, string][] = [
      [{ image: { ...IMAGE, shape: [5, 6] } }, "expected 30 values for the shape 5x6, found 210"],
      [{ image: { ...IMAGE, chunks: [5, 0, 1] } }, "expected 3 lengths of chunks, found 5x0x1"],
    ];
    for (const [arrays, wanted] of cases) {
      const error = await assertRejects(() => writeZarr(path, { arrays }), RangeError);
      assertEquals(error.message, `Cannot write the array 'image' of '${path}': ${wanted}`);
    }
    const error = await assertRejects(
      () => writeZarr(path, { arrays: { "../b": IMAGE } }),
      RangeError,
    );
    assertEquals(
      error.message,
      `Cannot write the array '../b' of '${path}': expected a name of letters, digits, '_', '-' and '.'`,
    );
    assertEquals([...Deno.readDirSync(folder)], []);
  }));

Deno.test("openZarrArray() fills missing chunks and refuses short ones", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a`;
    const grid = { name: "regular", configuration: { chunk_shape: [2] } };
    await store(path, { chunk_grid: grid }, { "1": Uint8Array.of(1, 2) });
    assertEquals(await (await openZarrArray(path)).read(), Uint8Array.of(7, 7, 1, 2));
    await store(path, {}, { "0": Uint8Array.of(1, 2, 3) });
    assertEquals(
      await message(path),
      "Cannot read 'a' as Zarr: expected 4 values in the chunk 0, found 3",
    );
  }));

Deno.test("openZarrArray() names what it does not read", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a`;
    const cases: [Record<string, unknown>, string][] = [
      [
        { codecs: [{ name: "bytes" }, { name: "bz2" }] },
        "expected the codecs blosc, lz4, zstd, gzip, zlib, transpose, bytes, crc32c, vlen-utf8, json2, " +
        "bitround, cast_value, scale_offset, found bz2",
      ],
      [
        { data_type: { name: "numpy.datetime64" } },
        "expected a data type of the core specification, found numpy.datetime64",
      ],
      [
        { data_type: "string", fill_value: "" },
        "expected values of bool, int8, uint8, int16, uint16, int32, uint32, int64, uint64, float16, " +
        "float32, float64, found string",
      ],
      [{ chunk_grid: { name: "rectangular" } }, "expected a regular chunk grid, found rectangular"],
      [
        { shape: [4, -1] },
        "expected a shape and a chunk shape of whole numbers, found [4,-1] and [4]",
      ],
      [{ node_type: "group" }, "expected an array, found a group"],
    ];
    for (const [metadata, wanted] of cases) {
      await store(path, metadata, { "0": new Uint8Array(4) });
      assertEquals(await message(path), `Cannot read 'a' as Zarr: ${wanted}`);
    }
  }));

Deno.test("openZarrArray() allocates no more than maxBytes, whatever the metadata and the chunks say", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a`;
    const grid = (length: number) => ({
      name: "regular",
      configuration: { chunk_shape: [length] },
    });
    await store(path, { shape: [2 ** 40], chunk_grid: grid(4) });
    assertEquals(
      await message(path),
      "Cannot read 'a' as Zarr: expected at most 4294967296 bytes (maxBytes), found 1099511627776 of " +
        "uint8, 1099511627776 bytes",
    );
    await store(path, { chunk_grid: grid(2 ** 40) });
    assertEquals(
      await message(path),
      "Cannot read 'a' as Zarr: expected chunks of at most 4294967296 bytes (maxBytes), found " +
        "1099511627776 of uint8, 1099511627776 bytes",
    );
    await store(path, { shape: [2 ** 24], chunk_grid: grid(1) });
    assertEquals(
      await message(path),
      "Cannot read 'a' as Zarr: expected at most 1048576 chunks in one read, found 16777216",
    );
    const bomb = gzipSync(new Uint8Array(2 ** 24), { level: 9 });
    await store(path, { codecs: [{ name: "bytes" }, { name: "gzip" }] }, { "0": bomb });
    assertEquals(
      await message(path),
      "Cannot read 'a' as Zarr: expected chunks that gzip can decode, found damage (expected at most " +
        "65568 bytes, found more)",
    );
    const blosc = new Uint8Array(32);
    new DataView(blosc.buffer).setUint32(4, 2 ** 31, true);
    await store(path, { codecs: [{ name: "bytes" }, { name: "blosc" }] }, { "0": blosc });
    assertEquals(
      await message(path),
      "Cannot read 'a' as Zarr: expected chunks that blosc can decode, found damage (expected at most " +
        "65568 bytes, found more)",
    );
  }));

Deno.test("openZarrArray() reads nothing outside of its folder", () =>
  inFolder(async (folder) => {
    await store(`${folder}/secret`, {}, { "0": Uint8Array.of(1, 2, 3, 4) });
    await store(`${folder}/a`, {});
    await Deno.symlink(`${folder}/secret/c/0`, `${folder}/a/c/0`);
    assertEquals(
      await message(`${folder}/a`),
      "Cannot read '/c/0' in 'a': expected a file in that folder, found a link out of it",
    );
    for (const array of ["../secret", "%2e%2e/secret", "x/%2f..%2f..%2fsecret"]) {
      const text = await message(`${folder}/a`, { array });
      const isRefused = text.includes("found neither zarr.json") || text.includes("plain names");
      assertEquals(isRefused, true, text);
    }
  }));

Deno.test("readZarr() and openZarrArray() read damaged stores or name them", () =>
  inFolder(async (folder) => {
    const group = { arrays: { image: { ...IMAGE, chunks: [5, 6, 4] } } };
    const files = ["zarr.json", "image/zarr.json", "image/c/0/0/0"];
    const problems: string[] = [];
    let refused = 0;
    for (const compression of ["zstd", "gzip", "none"] as const) {
      await writeZarr(`${folder}/a`, group, { compression });
      for (let seed = 1; seed <= 60; seed++) {
        const file = `${folder}/a/${files[seed % 3]}`;
        const sound = await Deno.readFile(file);
        const bytes = seed % 4 === 0 ? sound.slice(0, seed * 7 % sound.length) : sound.slice();
        if (bytes.length > 0) bytes[seed * 7919 % bytes.length] ^= 1 << seed % 8;
        await Deno.writeFile(file, bytes);
        try {
          await readZarr(`${folder}/a`, { maxBytes: 2 ** 20 });
        } catch (error) {
          refused++;
          const text = error instanceof Error ? error.message : String(error);
          if (!/^Cannot read (the array )?'/.test(text)) {
            problems.push(`${compression} ${seed}: ${text}`);
          }
        }
        await Deno.writeFile(file, sound);
      }
    }
    assertEquals(problems, []);
    assertEquals(refused > 60, true);
  }));
