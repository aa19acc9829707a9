import { assertEquals, assertRejects } from "@std/assert";
import { readNifti, writeNifti } from "@mednext/data";
import { join } from "@std/path";
import { readVolumesManifest } from "../artifacts/volumes_folder.ts";
import { digestPath } from "../run/digest.ts";
import { stageConformance } from "../stage_conformance.ts";
import preprocess from "../stages/preprocess.ts";
import { COMPUTE, preprocessParams, runStage, withDataset } from "../testdata/dataset.ts";

const noCache = { get: () => undefined, put() {}, save: () => Promise.resolve() };

Deno.test("preprocess gives the same bytes with any number of worker threads", () =>
  withDataset(async (folder, dataset) => {
    const digests = [];
    for (const workers of [1, 2, 3]) {
      const params = { ...preprocessParams, workers };
      const { volumes } = await runStage(preprocess, { folder, params, inputs: { dataset } });
      digests.push(await digestPath(volumes, noCache));
    }
    assertEquals(digests, Array(3).fill(digests[0]));
  }));

Deno.test("preprocess keeps its contract with worker threads that are stopped and begun again", () =>
  withDataset(async (_, dataset) => {
    const params = { workers: 2, normalization: ["none"] };
    await stageConformance(preprocess, { in: { dataset }, params, compute: COMPUTE });
  }));

Deno.test("preprocess names every case that it cannot use, and does the others", () =>
  withDataset(async (folder, dataset) => {
    const image = join(dataset, "imagesTr", "case_1_0000.nii.gz");
    const whole = await Deno.readFile(image);
    await Deno.writeFile(image, whole.subarray(0, whole.length / 2));
    const label = join(dataset, "labelsTr", "case_3.nii.gz");
    const good = await readNifti(label);
    await writeNifti(label, { ...good, data: good.data.map((value) => value + 5) as Uint8Array });
    const scratch = await Deno.makeTempDir({ dir: folder });
    const run = (workers: number) =>
      runStage(preprocess, {
        folder,
        params: { ...preprocessParams, workers },
        inputs: { dataset },
        scratch,
      });
    for (const workers of [2, 1]) { // the second finds what the first has done
      const { message } = await assertRejects(() => run(workers), Error);
      const [title, first, ...rest] = message.split("\n");
      assertEquals(title, "Cannot preprocess 2 of 6 cases:");
      assertEquals(
        first.startsWith(`  case_1: Cannot read '${image}' as NIfTI: expected `),
        true,
        first,
      );
      assertEquals(rest, [
        "  case_3: Cannot use the case case_3:",
        `    ${label}: expected the labels 0, 1, 2, found 5, 7`,
      ]);
      const done = (await Array.fromAsync(Deno.readDir(join(scratch, "cases")))).map(({ name }) =>
        name
      );
      assertEquals(done.sort(), [0, 2, 4, 5].map((i) => `case_${i}.zarr`));
    }
    const published = await Array.fromAsync(Deno.readDir(folder));
    const outputs = await Promise.all(
      published.map(({ name }) => Deno.stat(join(folder, name, "volumes")).catch(() => undefined)),
    );
    assertEquals(outputs.every((output) => output === undefined), true);

    await Deno.writeFile(image, whole);
    await writeNifti(label, good);
    const resumed = await run(2);
    const { volumes } = await runStage(preprocess, {
      folder,
      params: { ...preprocessParams, workers: 1 },
      inputs: { dataset },
    });
    assertEquals(await digestPath(resumed.volumes, noCache), await digestPath(volumes, noCache));
  }));

Deno.test("preprocess says so when no case can be read", () =>
  withDataset(async (folder, dataset) => {
    for (let i = 0; i < 5; i++) {
      await Deno.writeTextFile(join(dataset, "labelsTr", `case_${i}.nii.gz`), "no label");
    }
    const run = () =>
      runStage(preprocess, { folder, params: preprocessParams, inputs: { dataset } });
    assertEquals(
      (await assertRejects(run, Error)).message,
      "Cannot preprocess the data set dataset: expected a case that can be read, found none; the " +
        `last: Cannot read '${join(dataset, "labelsTr", "case_4.nii.gz")}' as NIfTI: ` +
        "expected a header of 348 or 540 bytes, found a file that starts with the bytes 6e 6f 20 6c",
    );
  }));

Deno.test("preprocess makes zeros of what lies outside where the median image is mostly empty", () =>
  withDataset(async (folder, dataset) => {
    const manifestOf = async () => {
      const { volumes } = await runStage(preprocess, {
        folder,
        params: preprocessParams,
        inputs: { dataset },
      });
      return await readVolumesManifest(volumes);
    };
    const normalization = { scheme: "zscore", insideMask: false };
    assertEquals((await manifestOf()).plan.normalization as unknown, [normalization]);
    for (let i = 0; i < 5; i++) {
      const path = join(dataset, "imagesTr", `case_${i}_0000.nii.gz`);
      const image = await readNifti(path);
      image.data.fill(0, 0, Math.ceil(image.data.length * 0.3));
      await writeNifti(path, image);
    }
    assertEquals((await manifestOf()).plan.normalization as unknown, [
      { ...normalization, insideMask: true },
    ]);
  }));
