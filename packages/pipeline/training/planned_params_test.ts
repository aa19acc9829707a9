import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { planParams, runStage, trainParams, withDataset } from "../testdata/dataset.ts";
import plan from "../stages/plan.ts";
import { plannedParams } from "./planned_params.ts";

const { patchSize: _, batchSize: __, batchDice: ___, ...rest } = trainParams;

Deno.test("plannedParams() takes what is given, then the plan's, then the paper's", () =>
  withDataset(async (folder, dataset) => {
    const params = {
      ...planParams,
      patchSize: [16, 48, 32] as [number, number, number],
      batchDice: true,
    };
    const out = await runStage(plan, { folder, params, inputs: { dataset } });
    const path = join(out.plan, "plan.json");
    const picked = async (given: Partial<typeof trainParams>, plan?: string) => {
      const { patchSize, batchSize, batchDice } = await plannedParams({ ...rest, ...given }, plan);
      return [patchSize, batchSize, batchDice];
    };
    assertEquals(await picked({}), [[128, 128, 128], 2, false]);
    assertEquals(await picked({}, path), [[16, 48, 32], 2, true]);
    assertEquals(await picked({ batchSize: 5 }, path), [[16, 48, 32], 5, true]);
    assertEquals(await picked({ patchSize: [32, 32, 32], batchDice: false }, path), [
      [32, 32, 32],
      2,
      false,
    ]);
  }));
