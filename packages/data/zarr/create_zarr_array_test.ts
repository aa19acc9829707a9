import { assertEquals, assertRejects } from "@std/assert";
import { createZarrArray } from "./create_zarr_array.ts";
import { openZarrArray } from "./open_zarr_array.ts";
import { readZarr } from "./read_zarr.ts";

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("createZarrArray() appears when it is finished, in place of an older one, and not when discarded", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.zarr`;
    const options = { name: "scores", shape: [3, 2], chunks: [2, 2], attributes: { id: "a" } };
    for (const value of [1, 2]) {
      const writer = await createZarrArray(path, options);
      await writer.write([0, 0], { data: new Float32Array(4).fill(value), shape: [2, 2] });
      await writer.write([2, 0], { data: new Float32Array(2).fill(-value), shape: [1, 2] });
      await writer.finish();
      const { attributes, arrays } = await readZarr(path);
      assertEquals(attributes, { id: "a" });
      assertEquals(arrays.scores.data, Float32Array.of(value, value, value, value, -value, -value));
    }
    const writer = await createZarrArray(`${folder}/b.zarr`, options);
    await writer.discard();
    assertEquals((await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name), ["a.zarr"]);
  }));

Deno.test("createZarrArray() rounds to the nearest float16, halves to even", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.zarr`;
    const options = { name: "p", shape: [4], chunks: [8], dtype: "float16" as const };
    const writer = await createZarrArray(path, options);
    // 1 + 2^-11 lies in the middle of 1 and the next float16, 1 + 2^-10 (IEEE 754, binary16).
    const data = Float32Array.of(1 + 2 ** -11, 1 + 2 ** -10, 1 + 3 * 2 ** -11, 0.1);
    await writer.write([0], { data, shape: [4] });
    await writer.finish();
    const array = await openZarrArray(path, { array: "p" });
    assertEquals(array.dtype, "float16");
    assertEquals(
      await array.read(),
      Float32Array.of(1, 1 + 2 ** -10, 1 + 2 ** -9, 0.0999755859375),
    );
  }));

Deno.test("createZarrArray() refuses blocks that cut chunks or leave the array", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.zarr`;
    const writer = await createZarrArray(path, { name: "p", shape: [5, 2], chunks: [2, 2] });
    const cases: [number[], number[], number, string][] = [
      [[1, 0], [1, 2], 2, "found 1x2 at 1, 0 with 2 values"],
      [[0, 0], [1, 2], 2, "found 1x2 at 0, 0 with 2 values"],
      [[4, 0], [2, 2], 4, "found 2x2 at 4, 0 with 4 values"],
      [[4, 0], [1, 2], 3, "found 1x2 at 4, 0 with 3 values"],
    ];
    for (const [start, shape, length, found] of cases) {
      const error = await assertRejects(
        () => writer.write(start, { data: new Float32Array(length), shape }),
        RangeError,
      );
      assertEquals(
        error.message,
        `Cannot write a block of the array 'p' of '${path}': expected whole chunks of 2x2 in 5x2, ${found}`,
      );
    }
    await writer.discard();
  }));
