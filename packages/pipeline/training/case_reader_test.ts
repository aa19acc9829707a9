import { preprocessCase, type Volume, writeCase } from "@mednext/data";
import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { join } from "@std/path";
import { caseReader, type StoredCase } from "./case_reader.ts";

/** A case of 64 voxels: 256 bytes of image, and 8 or so of locations. */
async function makeCase(folder: string, id: string): Promise<StoredCase> {
  const image: Volume = {
    data: new Float32Array(64).fill(1),
    shape: [4, 4, 4],
    channels: 1,
    spacing: [1, 1, 1],
    affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
  };
  const path = join(folder, `${id}.zarr`);
  const plan = { normalization: [{ scheme: "none" as const }] };
  await writeCase(path, preprocessCase({ id, images: [image] }, plan));
  return { id, path };
}

Deno.test("caseReader() keeps the cases that were read first, within its bytes", async () => {
  const folder = await Deno.makeTempDir();
  const cases = await Promise.all(["a", "b"].map((id) => makeCase(folder, id)));
  const reader = caseReader(cases, 300);
  assertEquals(reader.ids, ["a", "b"]);
  const first = await reader.load("a");
  const second = await reader.load("b");
  assertEquals((await reader.load("b")).image, second.image);
  for (const { path } of cases) await Deno.remove(path, { recursive: true });
  assertStrictEquals(await reader.load("a"), first);
  await assertRejects(async () => await reader.load("b"), Error, "Cannot load case b from '");
});
