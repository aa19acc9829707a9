import { preprocessCase, type Triple, type Volume, writeCase } from "@mednext/data";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { type BatchLoaderOptions, createBatchLoader } from "./create_batch_loader.ts";
import type { StoredCase } from "./case_reader.ts";

const OPTIONS: BatchLoaderOptions = {
  seed: 3,
  patchSize: [8, 8, 8],
  batchSize: 2,
  augmentation: "nnunet",
};

/** Three cases of two channels in a folder. */
async function makeCases(): Promise<StoredCase[]> {
  const folder = await Deno.makeTempDir();
  const shape: Triple = [12, 10, 14];
  return await Promise.all(["a", "b", "c"].map(async (id, number) => {
    const image: Volume = {
      data: Float32Array.from({ length: 2 * 1680 }, (_, i) => (i * 31 + number) % 17 + 1),
      shape,
      channels: 2,
      spacing: [1, 1, 1],
      affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
    };
    const data = Uint8Array.from({ length: 1680 }, (_, i) => i % 14 < 7 ? 0 : 1 + number % 2);
    const label = { ...image, channels: 1, data };
    const plan = { normalization: [{ scheme: "zscore" as const }, { scheme: "none" as const }] };
    const path = join(folder, `${id}.zarr`);
    await writeCase(path, preprocessCase({ id, images: [image], label }, plan));
    return { id, path };
  }));
}

Deno.test("createBatchLoader() gives the same bytes for any number of threads and any memory", async () => {
  const cases = await makeCases();
  const load = async (options: Partial<BatchLoaderOptions>, steps: number[]) => {
    const loader = createBatchLoader(cases, { ...OPTIONS, ...options });
    try {
      const batches = [];
      for (const step of steps) batches.push(await loader.batch(step));
      return batches;
    } finally {
      loader.close();
    }
  };
  const steps = [0, 1, 2, 3, 4, 5, 6, 7];
  const here = await load({ workers: 0 }, steps);
  assertEquals(new Set(here.flatMap(({ caseIds }) => caseIds)).size, 3);
  assertEquals(await load({ workers: 1 }, steps), here);
  assertEquals(await load({ workers: 2, prefetch: 5, steps: 8 }, steps), here);
  assertEquals(await load({ workers: 1, prefetch: 0, maxBytes: 0 }, steps), here);
  const leaps = [5, 2, 2, 7, 0];
  assertEquals(await load({ workers: 2 }, leaps), leaps.map((step) => here[step]));
});

Deno.test("createBatchLoader() names the case and the file that cannot be read, and goes on", async () => {
  const cases = await makeCases();
  const broken = cases[1].path;
  await Deno.remove(broken, { recursive: true });
  for (const workers of [0, 1, 2]) {
    const loader = createBatchLoader(cases, { ...OPTIONS, workers, batchSize: 1 });
    try {
      const messages = new Set<string>();
      let whole = 0;
      for (let step = 0; step < 20; step++) {
        await loader.batch(step).then(() => whole++, ({ message }) => messages.add(message));
      }
      const [message] = messages;
      assertEquals(messages.size, 1);
      assert(message.startsWith(`Cannot load case b from '${broken}': Cannot `), message);
      assert(whole > 5);
    } finally {
      loader.close();
    }
  }
});

Deno.test("createBatchLoader() refuses batches when it is closed or aborted", async () => {
  const cases = await makeCases();
  const closed = "Cannot load a batch: the loader is closed";
  for (const workers of [0, 1]) {
    const loader = createBatchLoader(cases, { ...OPTIONS, workers });
    if (workers > 0) {
      const pending = loader.batch(0);
      loader.close();
      await assertRejects(() => pending, Error, closed);
    }
    loader.close();
    await assertRejects(() => loader.batch(1), Error, closed);

    const controller = new AbortController();
    const { signal } = controller;
    const other = createBatchLoader(cases, { ...OPTIONS, workers, signal });
    await other.batch(0);
    controller.abort(new Error("enough"));
    await assertRejects(() => other.batch(1), Error, "enough");
    const late = createBatchLoader(cases, { ...OPTIONS, workers, signal });
    await assertRejects(() => late.batch(0), Error, "enough");
  }
});

Deno.test("createBatchLoader() tells how long it was waited for", async () => {
  const cases = await makeCases();
  const loader = createBatchLoader(cases, { ...OPTIONS, workers: 0 });
  assertEquals(loader.waitShare(), 0);
  await loader.batch(0);
  const busy = loader.waitShare();
  assert(busy > 0 && busy <= 1, `${busy}`);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert(loader.waitShare() < busy);
  loader.close();
});
