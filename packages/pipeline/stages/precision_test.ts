import { assert, assertEquals, assertRejects } from "@std/assert";
import { setBackend } from "@mednext/kernels";
import { join } from "@std/path";
import { readModelDescription } from "../artifacts/model_description.ts";
import { predictApart } from "../predict/predict_apart.ts";
import type { Compute } from "../stage.ts";
import {
  inferParams,
  preprocessParams,
  runStage,
  trainParams,
  withDataset,
} from "../testdata/dataset.ts";
import infer from "./infer.ts";
import preprocess from "./preprocess.ts";
import train from "./train.ts";

const reason = await setBackend("tensorflow", { precision: "mixed" }).then(
  () => "",
  (error: Error) => ` (ignored: ${error.message})`,
);

const MIXED: Compute = { backend: "tensorflow", threads: 0, precision: "mixed" };

Deno.test({
  name: `train, infer and predict compute in mixed precision, and say so${reason}`,
  ignore: reason !== "",
  fn: () =>
    withDataset(async (folder, dataset) => {
      const { volumes, splits } = await runStage(preprocess, {
        folder,
        params: preprocessParams,
        inputs: { dataset },
      });
      const lines: string[] = [];
      const log = (line: string) => void lines.push(line);
      const params = { ...trainParams, epochs: 1, stepsPerEpoch: 1 };
      const inputs = { volumes, splits };
      const trained = await runStage(train, { folder, params, inputs, compute: MIXED, log });
      const exact = await runStage(train, {
        ...{ folder, params, inputs, log },
        compute: { ...MIXED, precision: "float32" },
      });
      const said = "computing in mixed precision on tensorflow";
      assertEquals(lines.filter((line) => line === said).length, 1);
      const provenances = [trained, exact].map(async ({ model }) =>
        (await readModelDescription(model)).provenance?.precision
      );
      assertEquals(await Promise.all(provenances), ["mixed", undefined]);

      const { model } = trained;
      const { masks } = await runStage(infer, {
        ...{ folder, params: inferParams, inputs: { ...inputs, model: [model] } },
        ...{ compute: MIXED, log },
      });
      assert([...Deno.readDirSync(masks)].length > 0);
      assertEquals(lines.filter((line) => line === said).length, 2);

      // In a process of its own.
      const path = join(dataset, "imagesTs", "case_5_0000.nii.gz");
      const images = [{ id: "case_5", images: [path] }];
      const output = join(folder, "predicted");
      const options = { models: [model], output, backend: "tensorflow" as const };
      assertEquals((await predictApart(images, { ...options, precision: "mixed" })).failed, []);
      const error = await assertRejects(
        () => predictApart(images, { ...options, existing: "keep" }),
        RangeError,
      );
      const record = join(output, "prediction.json");
      assertEquals(
        error.message,
        `Cannot add masks to those in '${output}': expected ones made as '${record}' says, ` +
          'found settings.precision: "mixed" -> nothing',
      );
    }),
});
