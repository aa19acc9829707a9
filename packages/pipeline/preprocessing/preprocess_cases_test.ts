import { assertEquals, assertRejects } from "@std/assert";
import { readNifti, writeNifti } from "@mednext/data";
import { join } from "@std/path";
import { readVolumesManifest } from "../artifacts/volumes_folder.ts";
import { digestPath } from "../run/digest.ts";
import { noCache } from "../run/stat_cache.ts";
import { stageConformance } from "../stage_conformance.ts";
import preprocess from "../stages/preprocess.ts";
import {
  COMPUTE,
  eraseLabels,
  preprocessParams,
  runStage,
  withDataset,
} from "../testdata/dataset.ts";

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
      "Cannot preprocess the data set dataset: expected a case that can be read, found none:\n" +
        Array.from(
          { length: 5 },
          (_, i) =>
            `  case_${i}: Cannot read '${
              join(dataset, "labelsTr", `case_${i}.nii.gz`)
            }' as NIfTI: ` +
            "expected a header of 348 or 540 bytes, found a file that starts with the bytes 6e 6f 20 6c",
        )
          .join("\n"),
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

Deno.test("preprocess normalises cases without foreground, if not as CT", () =>
  withDataset(async (folder, dataset) => {
    await eraseLabels(dataset);
    const lines: string[] = [];
    const log = (line: string) => void lines.push(line);
    const run = (scheme: "zscore" | "ct") => {
      const params = { ...preprocessParams, normalization: [scheme] };
      return runStage(preprocess, { folder, params, inputs: { dataset }, log });
    };
    const { plan } = await readVolumesManifest((await run("zscore")).volumes);
    assertEquals(plan.normalization as unknown, [{ scheme: "zscore", insideMask: false }]);
    assertEquals(lines.filter((line) => line.startsWith("no case")), [
      "no case holds the label 1 (other)",
      "no case holds the label 2 (ball)",
    ]);
    assertEquals(
      (await assertRejects(() => run("ct"), RangeError)).message,
      "Cannot plan the normalisation of channel 0 (MR): expected intensities of a case with a " +
        "label above 0, found none",
    );
  }));

const shared = new URL("../../../../shared/data/", import.meta.url);
const hasShared = await Deno.stat(shared).then(() => true, () => false);

Deno.test({
  name: "preprocess names real files that are damaged among good ones (needs ../shared/data)",
  ignore: !hasShared,
  async fn() {
    const folder = await Deno.makeTempDir();
    const dataset = join(folder, "dataset");
    for (const part of ["imagesTr", "labelsTr"]) {
      await Deno.mkdir(join(dataset, part), { recursive: true });
    }
    const place = async (from: string, to: string) => {
      const bytes = await Deno.readFile(new URL(from, shared));
      await Deno.writeFile(join(dataset, to), bytes);
    };
    const good = ["001", "003", "004"].map((number) => `hippocampus_${number}`);
    for (const id of good) {
      await place(`hippocampus/imagesTr/${id}.nii.gz`, `imagesTr/${id}_0000.nii.gz`);
      await place(`hippocampus/labelsTr/${id}.nii.gz`, `labelsTr/${id}.nii.gz`);
    }
    const damaged = [
      "nifti_robustness/nifti-reader-js/not-nifti.nii",
      "nifti_robustness/nifti-rs/fuzz_artifacts/crash-1.nii",
      "nifti_robustness/nifti-rs/complex/complex32.nii",
      "spinalcord_sct/t2/t2.nii.gz", // whole, and on another grid than its label
    ];
    for (const [i, name] of damaged.entries()) {
      await place(name, `imagesTr/bad_${i}_0000.nii.gz`);
      await place(`hippocampus/labelsTr/${good[0]}.nii.gz`, `labelsTr/bad_${i}.nii.gz`);
    }
    await Deno.writeTextFile(
      join(dataset, "dataset.json"),
      JSON.stringify({
        channel_names: { 0: "MRI" },
        labels: { background: 0, anterior: 1, posterior: 2 },
        numTraining: good.length + damaged.length,
        file_ending: ".nii.gz",
      }),
    );
    const scratch = await Deno.makeTempDir({ dir: folder });
    const params = { ...preprocessParams, workers: 2 };
    const error = await assertRejects(
      () => runStage(preprocess, { folder, params, inputs: { dataset }, scratch }),
      Error,
    );
    const lines = error.message.split("\n").filter((line) => /^ {2}\S/.test(line));
    assertEquals(lines.length, damaged.length, error.message);
    for (const [i, line] of lines.entries()) {
      const file = join(dataset, "imagesTr", `bad_${i}_0000.nii.gz`);
      assertEquals(line.startsWith(`  bad_${i}: `), true, line);
      assertEquals(error.message.includes(file), true, error.message);
    }
    const done = await Array.fromAsync(Deno.readDir(join(scratch, "cases")));
    assertEquals(done.map(({ name }) => name).sort(), good.map((id) => `${id}.zarr`));
    await Deno.remove(folder, { recursive: true });
  },
});
