import { assert, assertEquals, assertRejects } from "@std/assert";
import { memory } from "@mednext/kernels";
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

Deno.test("train and infer refuse what cannot fit before a network runs; train tells its peak", () =>
  withDataset(async (folder, dataset) => {
    const { volumes, splits } = await runStage(preprocess, {
      folder,
      params: preprocessParams,
      inputs: { dataset },
    });
    const lines: string[] = [];
    const { model } = await runStage(train, {
      folder,
      params: trainParams,
      inputs: { volumes, splits },
      log: (line) => void lines.push(line),
    });
    const [held] = lines.filter((line) => line.startsWith("wasm held at most "));
    assert(/^wasm held at most 0\.00 GiB \([1-9]\d{5,6} bytes\)$/.test(held), held);

    const { tensors, bytesInUse, reservedBytes } = memory();
    await assertRejects(
      () =>
        runStage(train, {
          folder,
          params: { ...trainParams, model: {}, patchSize: [128, 128, 128] },
          inputs: { volumes, splits },
        }),
      RangeError,
      "Cannot train on 2 patches of 128 x 128 x 128 voxels: ",
    );
    await assertRejects(
      () =>
        runStage(infer, {
          folder,
          params: { ...inferParams, patchSize: [512, 512, 512] },
          inputs: { volumes, splits, model: [model] },
        }),
      RangeError,
      "Cannot predict a patch of 512 x 512 x 512 voxels: ",
    );
    const after = memory();
    assertEquals([after.tensors, after.bytesInUse], [tensors, bytesInUse]);
    assertEquals(after.reservedBytes, reservedBytes);
  }));
