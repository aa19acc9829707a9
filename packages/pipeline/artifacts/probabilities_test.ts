import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  createMaskPainter,
  preprocessCase,
  readZarr,
  type Triple,
  type Volume,
  writeZarr,
} from "@mednext/data";
import { openProbabilities } from "./probabilities_reader.ts";
import { createProbabilitiesWriter } from "./probabilities_writer.ts";

/** Every order of the axes with every choice of directions. */
function* affines(): Generator<number[]> {
  for (const order of [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]) {
    for (let signs = 0; signs < 8; signs++) {
      const affine = new Array<number>(16).fill(0);
      order.forEach((world, voxel) => affine[4 * world + voxel] = (signs >> voxel) & 1 ? -1 : 1);
      [affine[3], affine[7], affine[11], affine[15]] = [10.25, -31.5, 4.125, 1];
      yield affine;
    }
  }
}

/** Voxels that tell where they are, with an empty border that is cropped. */
function makeImage(affine: number[]): Volume {
  const shape: Triple = [13, 11, 19];
  const data = new Float32Array(13 * 11 * 19);
  for (let z = 0, i = 0; z < 13; z++) {
    for (let y = 0; y < 11; y++) {
      for (let x = 0; x < 19; x++, i++) {
        if (x > 0 && y < 9 && z > 2) data[i] = (i + 1) / 4096;
      }
    }
  }
  return { data, shape, channels: 1, spacing: [1, 1, 1], affine };
}

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const NAMES = { classes: ["background", "organ"], activation: "softmax" as const };

Deno.test("probabilities are stored in the axes of the image's file, whatever its orientation", () =>
  withFolder(async (folder) => {
    for (const affine of affines()) {
      const image = makeImage(affine);
      const { image: cropped, geometry, shape } = preprocessCase({ id: "a", images: [image] }, {
        normalization: [{ scheme: "none" }],
      });
      const path = `${folder}/a.zarr`;
      const writer = await createProbabilitiesWriter(path, geometry, NAMES);
      const length = shape[1] * shape[2];
      for (let index = 0; index < shape[0]; index++) {
        const row = cropped.subarray(index * length, (index + 1) * length);
        await writer.write({
          index,
          scores: Float32Array.from(
            { length: 2 * length },
            (_, i) => i % 2 === 0 ? 1 - row[i >> 1] : row[i >> 1],
          ),
        });
      }
      await writer.finish();

      // As a reader of Zarr that knows nothing of us finds them: at the voxels of the file.
      const { arrays, attributes } = await readZarr(path);
      const { start, stop } = attributes.box as { start: Triple; stop: Triple };
      assertEquals([start, stop], [[3, 0, 1], [13, 9, 19]]);
      const { probabilities } = arrays;
      assertEquals(probabilities.dtype, "float16");
      assertEquals(probabilities.dimensionNames, ["z", "y", "x", "class"]);
      assertEquals(probabilities.shape, [10, 9, 18, 2]);
      for (let z = 0, i = 1; z < 10; z++) {
        for (let y = 0; y < 9; y++) {
          for (let x = 0; x < 18; x++, i += 2) {
            const expected = image.data[((z + 3) * 11 + y) * 19 + x + 1];
            assert(Math.abs(probabilities.data[i] - expected) <= 2 ** -12); // half a unit of float16 below 1
          }
        }
      }

      const read = await openProbabilities(path);
      assertEquals([read.classes, read.activation], [NAMES.classes, "softmax"]);
      const painter = createMaskPainter(read.geometry, { classes: 2, labels: [0, 5] });
      for await (const row of read.rows()) painter.paint(row);
      const mask = painter.finish();
      assertEquals([mask.shape, mask.affine], [image.shape, image.affine]);
      assertEquals([...mask.data], [...image.data].map((value) => value > 0.5 ? 5 : 0));
    }
  }));

Deno.test("openProbabilities() refuses what is not whole", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.zarr`;
    const probabilities = { data: new Float32Array(8), shape: [1, 2, 2, 2] };
    const attributes = {
      format: "mednext-probabilities",
      version: 1,
      ...NAMES,
      grid: {
        shape: [2, 2, 2],
        spacing: [1, 1, 1],
        affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
      },
      box: { start: [0, 0, 0], stop: [1, 2, 2] },
    };
    const cases: [Record<string, unknown>, string][] = [
      [
        { ...attributes, version: 2, box: { start: [0, 0, -1], stop: [1, 2, 2] } },
        `Cannot read probabilities from '${path}': version: must be 1: current value is 2; ` +
        "box.start[2]: must be at least 0: current value is -1",
      ],
      [
        { ...attributes, box: { start: [0, 0, 0], stop: [3, 2, 2] } },
        `Cannot read probabilities from '${path}': expected float16 or float32 of 3 x 2 x 2 x 2 in ` +
        "an image of 2 x 2 x 2, found float32 of 1 x 2 x 2 x 2",
      ],
      [
        { ...attributes, classes: ["background"] },
        `Cannot read probabilities from '${path}': expected float16 or float32 of 1 x 2 x 2 x 1 in ` +
        "an image of 2 x 2 x 2, found float32 of 1 x 2 x 2 x 2",
      ],
    ];
    for (const [changed, message] of cases) {
      await writeZarr(path, { attributes: changed, arrays: { probabilities } });
      const error = await assertRejects(() => openProbabilities(path), SyntaxError);
      assertEquals(error.message, message);
    }
  }));
