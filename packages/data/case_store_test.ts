import { assert, assertEquals, assertRejects } from "@std/assert";
import { readCase, writeCase } from "./case_store.ts";
import { preprocessCase, type PreprocessingPlan } from "./preprocess_case.ts";
import type { Volume } from "./volume.ts";
import { writeZarr } from "./zarr/write_zarr.ts";

function volume(value: (i: number) => number, channels: number): Volume {
  return {
    data: Float32Array.from({ length: 7 * 6 * 5 * channels }, (_, i) => value(i)),
    shape: [7, 6, 5],
    channels,
    spacing: [1 / 3, 0.7, 2],
    affine: [0, 0.7, 0, 1e-7, 0, 0, -1 / 3, 2, 2, 0, 0, 3, 0, 0, 0, 1],
  };
}

const PLAN: PreprocessingPlan = {
  spacing: [1.1, 0.9, 0.8],
  normalization: [{ scheme: "zscore" }, { scheme: "none" }],
};
const IMAGES = [volume((i) => i % 11 / 7, 2)];

Deno.test("readCase() gives back what writeCase() wrote, to the last bit", async () => {
  const folder = await Deno.makeTempDir();
  for (const label of [undefined, volume((i) => i % 4, 1), volume(() => 0, 1)]) {
    const source = preprocessCase({ id: "case 1", images: IMAGES, label }, PLAN);
    await writeCase(`${folder}/case.zarr`, source);
    assertEquals(await readCase(`${folder}/case.zarr`), source);
  }
  const plan = { ...PLAN, labels: [0, 1, 2], ignoreLabel: 3, regions: [[1, 2]] };
  const label = volume((i) => i % 4, 1);
  const source = preprocessCase({ id: "case 1", images: IMAGES, label }, plan);
  assert(source.annotated!.length > 0);
  await writeCase(`${folder}/case.zarr`, source);
  assertEquals(await readCase(`${folder}/case.zarr`), source);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("readCase() throws with everything that does not fit", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/case.zarr`;
  const { geometry } = preprocessCase({ id: "a", images: IMAGES }, PLAN);
  const orientation = { ...geometry.orientation, axes: [0, 0, 2] };
  const attributes = {
    format: "mednext-case",
    version: 1,
    spacing: [1, 1],
    replacedValues: -1,
    geometry: { ...geometry, orientation, box: { start: [0, 0, 0], stop: [99, 1, 1] } },
    foreground: [{ label: 1, count: 2 }],
  };
  const shape = [...geometry.shape, 1];
  const data = new Float64Array(shape.reduce((a, b) => a * b));
  await writeZarr(path, {
    attributes,
    arrays: { image: { data, shape }, foreground: { data: Int32Array.of(5, -1), shape: [2] } },
  });
  const { message } = await assertRejects(() => readCase(path), Error);
  const canonical = geometry.orientation.canonical.shape;
  assertEquals(message.split("\n  "), [
    `Cannot read the case '${path}':`,
    'expected format "mednext-case" version 2, found "mednext-case" version 1',
    "id: expected a text, found nothing",
    "spacing: expected 3 fitting values, found [1,1]",
    "replacedValues: expected a whole number of at least 0, found -1",
    "geometry.orientation.axes: expected 0, 1 and 2 in any order, found [0,0,2]",
    `geometry.box: expected a box inside [${canonical}], found [0,0,0] to [99,1,1]`,
    `image: expected float32 of ${geometry.shape.join(" x ")} voxels and channels, ` +
    `found Float64Array of ${shape.join(" x ")}`,
    `foreground: expected indices from 0 to ${data.length - 1}, found others`,
  ]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("readCase() refuses codecs that run WebAssembly", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/case.zarr`;
  await writeCase(path, preprocessCase({ id: "a", images: IMAGES }, PLAN));
  const metadata = `${path}/image/zarr.json`;
  const text = await Deno.readTextFile(metadata);
  await Deno.writeTextFile(metadata, text.replace('"zstd"', '"blosc"'));
  const { message } = await assertRejects(() => readCase(path), TypeError);
  assertEquals(
    message,
    `Cannot read the array 'image' of '${path}' as Zarr: expected the codecs bytes, zstd, gzip ` +
      `alone, found blosc`,
  );
  await Deno.remove(folder, { recursive: true });
});
