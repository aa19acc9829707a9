/**
 * A stage of one's own: makes a small data set of phantoms, as an nnU-Net folder of NIfTI files.
 *
 * The arrays run in three different directions through the body, as those of real scanners do; the
 * masks that the pipeline makes come back in each file's own.
 */
import { randomStream, type Triple, type Volume, writeNifti } from "@mednext/data";
import type { Stage } from "@mednext/pipeline/stage";
import { type Anatomy, drawAnatomy, intensityAt, labelAt, type Point } from "./anatomy.ts";

interface Params {
  cases: number;
  noise: number;
}

const SHAPE: Triple = [40, 44, 40];

/** Where x, y, z of the array run in the body: to the right, front and head, and two other ways. */
const ORIENTATIONS: [Point, Point, Point][] = [
  [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  [[-1, 0, 0], [0, -1, 0], [0, 0, 1]],
  [[0, -1, 0], [0, 0, -1], [1, 0, 0]],
];

const makePhantoms: Stage<Params, Record<never, never>, { dataset: "dataset" }> = {
  revision: 1,
  description: "Makes phantoms with known anatomy: an organ and its core beside a vessel",
  inputs: {},
  outputs: { dataset: "dataset" },
  params: {
    type: "object",
    additionalProperties: false,
    properties: {
      cases: { type: "integer", minimum: 5, default: 20, description: "Number of phantoms" },
      noise: {
        type: "number",
        minimum: 0,
        default: 40,
        description: "Standard deviation of the noise",
      },
    },
  },
  seeded: true,
  async run({ params, out, seed, progress, signal }) {
    await Deno.mkdir(`${out.dataset}/imagesTr`, { recursive: true });
    await Deno.mkdir(`${out.dataset}/labelsTr`);
    for (let i = 0; i < params.cases; i++) {
      signal.throwIfAborted();
      const id = `phantom_${String(i + 1).padStart(3, "0")}`;
      const { image, label } = scan(drawAnatomy(seed, id), ORIENTATIONS[i % ORIENTATIONS.length], {
        seed,
        id,
        noise: params.noise,
      });
      await writeNifti(`${out.dataset}/imagesTr/${id}_0000.nii.gz`, image);
      await writeNifti(`${out.dataset}/labelsTr/${id}.nii.gz`, label);
      progress({ done: i + 1, total: params.cases, unit: "phantoms" });
    }
    const description = {
      channel_names: { 0: "MR" },
      labels: { background: 0, organ: 1, core: 2 },
      numTraining: params.cases,
      file_ending: ".nii.gz",
    };
    await Deno.writeTextFile(`${out.dataset}/dataset.json`, JSON.stringify(description, null, 2));
  },
};

export default makePhantoms;

/** Looks at an anatomy through a grid of 1 mm whose array axes point along `directions`. */
function scan(
  anatomy: Anatomy,
  directions: [Point, Point, Point],
  { seed, id, noise }: { seed: number; id: string; noise: number },
): { image: Volume; label: Volume } {
  const [depth, height, width] = SHAPE;
  const middle = [(width - 1) / 2, (height - 1) / 2, (depth - 1) / 2];
  const stream = randomStream(seed, "noise", id);
  const image = new Float32Array(depth * height * width);
  const label = new Uint8Array(image.length);
  const world = (x: number, y: number, z: number): Point => {
    const steps = [x - middle[0], y - middle[1], z - middle[2]];
    const along = (axis: number) =>
      steps.reduce((sum, step, i) => sum + step * directions[i][axis], 0);
    return [along(0), along(1), along(2)];
  };
  let voxel = 0;
  for (let z = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++, voxel++) {
        const point = world(x, y, z);
        const clean = intensityAt(anatomy, point);
        image[voxel] = clean === 0 ? 0 : Math.max(1, clean + noise * stream.normal());
        label[voxel] = labelAt(anatomy, point);
      }
    }
  }
  const origin = world(0, 0, 0);
  const affine = [0, 1, 2].flatMap((axis) => [
    ...directions.map((direction) => direction[axis]),
    origin[axis],
  ]);
  const place = {
    shape: SHAPE,
    channels: 1,
    spacing: [1, 1, 1] as Triple,
    affine: [...affine, 0, 0, 0, 1],
  };
  return { image: { data: image, ...place }, label: { data: label, ...place } };
}
