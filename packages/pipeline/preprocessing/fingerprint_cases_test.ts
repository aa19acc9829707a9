import { assertEquals, assertRejects } from "@std/assert";
import { readDataset } from "@mednext/data";
import { join } from "@std/path";
import { withDataset } from "../testdata/dataset.ts";
import { fingerprintCases } from "./fingerprint_cases.ts";

const { signal } = new AbortController();

Deno.test("fingerprintCases() finds the same with any number of worker threads", () =>
  withDataset(async (_, path) => {
    const dataset = await readDataset(path);
    const alone = await fingerprintCases(dataset, { workers: 1, samples: 500, signal });
    assertEquals(alone.cases.map(({ id }) => id), dataset.training.map(({ id }) => id));
    assertEquals(alone.cases[0].intensities.map(({ length }) => length), [100]);
    const seen: number[] = [];
    const onProgress = (done: number) => seen.push(done);
    const options = { workers: 3, samples: 500, signal, onProgress };
    assertEquals(await fingerprintCases(dataset, options), alone);
    assertEquals(seen, [0, 1, 2, 3, 4, 5]);
  }));

Deno.test("fingerprintCases() names cases that cannot be used, and looks at the others", () =>
  withDataset(async (_, path) => {
    const image = join(path, "imagesTr", "case_2_0000.nii.gz");
    await Deno.writeTextFile(image, "no NIfTI");
    const dataset = await readDataset(path);
    for (const workers of [1, 2]) {
      const { cases, problems } = await fingerprintCases(dataset, { workers, samples: 5, signal });
      assertEquals(cases.map(({ id }) => id), ["case_0", "case_1", "case_3", "case_4"]);
      assertEquals([...problems], [[
        "case_2",
        `Cannot read '${image}' as NIfTI: expected a header of 348 or 540 bytes, found a file that ` +
        "starts with the bytes 6e 6f 20 4e",
      ]]);
    }
  }));

Deno.test("fingerprintCases() stops when it is aborted", () =>
  withDataset(async (_, path) => {
    const dataset = await readDataset(path);
    const controller = new AbortController();
    const onProgress = () => controller.abort(new Error("stop"));
    const options = { workers: 2, samples: 5, signal: controller.signal, onProgress };
    await assertRejects(() => fingerprintCases(dataset, options), Error, "stop");
  }));
