/**
 * How long 16 cases take with one thread and with two: `deno bench -A packages/pipeline/preprocessing`. Cases of 64 x 96 x
 * 96 voxels at 2 x 1 x 1 mm, resampled to 1 mm, as an abdominal organ's crop might be.
 */
import { type TrainingCase, type Triple, writeNifti } from "@mednext/data";
import { join } from "@std/path";
import { preprocessCases } from "./preprocess_cases.ts";

const CASES = 16;
const SHAPE: Triple = [64, 96, 96];

async function makeCases(folder: string): Promise<TrainingCase[]> {
  const voxels = SHAPE[0] * SHAPE[1] * SHAPE[2];
  const place = {
    shape: SHAPE,
    channels: 1,
    spacing: [2, 1, 1] as Triple,
    affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1],
  };
  const cases: TrainingCase[] = [];
  for (let i = 0; i < CASES; i++) {
    const image = join(folder, `${i}_image.nii.gz`), label = join(folder, `${i}_label.nii.gz`);
    const data = Int16Array.from({ length: voxels }, (_, at) => 1 + (at * 7919 + i) % 997);
    await writeNifti(image, { ...place, data });
    const labels = Uint8Array.from({ length: voxels }, (_, at) => (at >> 12) % 3);
    await writeNifti(label, { ...place, data: labels });
    cases.push({ id: `${i}`, images: [image], label });
  }
  return cases;
}

const folder = await Deno.makeTempDir({ prefix: "preprocess_bench_" });
const cases = await makeCases(folder);
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

for (const workers of [1, 2]) {
  Deno.bench(
    `preprocess ${CASES} cases with workers: ${workers}`,
    { n: 3, warmup: 1 },
    async () => {
      const scratch = await Deno.makeTempDir({ dir: folder });
      await preprocessCases(cases, {
        scratch,
        workers,
        plan: { spacing: [1, 1, 1], normalization: [{ scheme: "zscore" }], labels: [0, 1, 2] },
        labels: { labels: [0, 1, 2].map((value) => ({ name: `${value}`, value })) },
        channels: 1,
        signal: new AbortController().signal,
        onProgress() {},
        log() {},
      });
      await Deno.remove(scratch, { recursive: true });
    },
  );
}
