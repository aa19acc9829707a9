import { randomStream, sampleBatch } from "@mednext/data";
import { assertEquals, assertNotEquals } from "@std/assert";
import { readWeights } from "../artifacts/model_folder.ts";
import { casePath } from "../artifacts/volumes_folder.ts";
import preprocess from "../stages/preprocess.ts";
import train from "../stages/train.ts";
import { preprocessParams, runStage, trainParams, withDataset } from "../testdata/dataset.ts";
import { trainingBatches, validationBatches } from "./batches.ts";
import { caseReader } from "./case_reader.ts";

const PARAMS = { ...trainParams, augmentation: "nnunet" as const };

function withVolumes(
  use: (folder: string, inputs: { volumes: string; splits: string }) => Promise<void>,
): Promise<void> {
  return withDataset(async (folder, dataset) => {
    const options = { folder, params: preprocessParams, inputs: { dataset } };
    await use(folder, await runStage(preprocess, options));
  });
}

Deno.test("trainingBatches() are augmented as asked, validationBatches() not at all", () =>
  withVolumes(async (_, { volumes }) => {
    const cases = [0, 3].map((i) => ({ id: `case_${i}`, path: casePath(volumes, `case_${i}`) }));
    const options = {
      seed: 5,
      maskedChannels: [0],
      workers: 0,
      signal: new AbortController().signal,
    };
    const { batchSize, patchSize } = PARAMS;
    const draw = { step: 3, batchSize, patchSize, maskedChannels: [0] };
    const training = trainingBatches(cases, PARAMS, options);
    const expected = await sampleBatch(caseReader(cases, 0), {
      ...draw,
      seed: 5,
      augmentation: "nnunet",
    });
    const { images, labels, shape, channels } = await training.batches(3);
    assertEquals(images, expected.images);
    assertEquals(labels, expected.labels);
    assertEquals([...shape, channels], expected.shape);

    const validation = validationBatches(cases, PARAMS, options);
    const still = await sampleBatch(caseReader(cases, 0), {
      ...draw,
      seed: randomStream(5, "validation").integer(2 ** 32),
      augmentation: "none",
    });
    assertEquals((await validation.batches(3)).images, still.images);
    training.close();
    validation.close();
  }));

Deno.test("train gives the same weights for any number of loader threads, and others without augmentation", () =>
  withVolumes(async (folder, inputs) => {
    const weights = async (loaderWorkers: number, augmentation: "nnunet" | "none") => {
      const params = { ...PARAMS, augmentation };
      const { model } = await runStage(train, { folder, params, inputs, loaderWorkers });
      return await readWeights(model);
    };
    const alone = await weights(0, "nnunet");
    assertEquals(await weights(1, "nnunet"), alone);
    assertEquals(await weights(2, "nnunet"), alone);
    assertNotEquals(await weights(0, "none"), alone);
  }));
