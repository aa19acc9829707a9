import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { stageConformance } from "../stage_conformance.ts";
import { COMPUTE, runStage } from "../testdata/dataset.ts";
import { loadPlan } from "../run/plan.ts";
import { writeTestReport } from "../testdata/report.ts";
import findBest from "./find_best.ts";

const bootstrap = { resamples: 200, confidence: 0.95 };

/** Reports of configurations and of the ensembles of each pair, in cases with so many of ten voxels found. */
async function withReports(
  found: Record<string, number[]>,
  use: (folder: string, paths: Record<string, string>) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "find_best_test_" });
  try {
    const paths: Record<string, string> = {};
    for (const [name, counts] of Object.entries(found)) {
      paths[name] = await writeTestReport(join(folder, name), counts);
    }
    await use(folder, paths);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("find_best chooses the ensemble when it is better, and says how to predict with it", () =>
  withReports({
    a: [4, 5, 6],
    b: [5, 7, 7],
    c: [1, 1, 1],
    ab: [6, 8, 8],
    ac: [4, 4, 4],
    bc: [1, 1, 1],
  }, async (
    folder,
    { a, b, c, ab, ac, bc },
  ) => {
    const params = { names: ["k3", "k5 large", "2d"], bootstrap };
    const inputs = { reports: [a, b, c], ensembles: [ab, ac, bc] };
    const { best } = await runStage(findBest, { folder, params, inputs });
    const json = JSON.parse(await Deno.readTextFile(join(best, "best.json")));
    assertEquals([json.best, json.members, json.cases], ["k3 + k5 large", ["k3", "k5 large"], 3]);
    assertEquals(json.dice, json.candidates[3].dice.value);
    assertEquals(
      json.candidates.map(({ name }: { name: string }) => name),
      ["k3", "k5 large", "2d", "k3 + k5 large", "k3 + 2d", "k5 large + 2d"],
    );
    const text = await Deno.readTextFile(join(best, "best.md"));
    assertEquals(
      text.split("\n\n## ")[0],
      `# k3 + k5 large

The ensemble with the largest mean Dice of 3 cross-validated cases.

|      | configuration | mean Dice               | left, a                 | right                   |
| ---- | ------------- | ----------------------- | ----------------------- | ----------------------- |
|      | k3            | 0.8313 [0.7857, 0.8750] | 0.6627 [0.5714, 0.7500] | 1.0000 [1.0000, 1.0000] |
|      | k5 large      | 0.8856 [0.8333, 0.9118] | 0.7712 [0.6667, 0.8235] | 1.0000 [1.0000, 1.0000] |
|      | 2d            | 0.5909 [0.5909, 0.5909] | 0.1818 [0.1818, 0.1818] | 1.0000 [1.0000, 1.0000] |
| best | k3 + k5 large | 0.9213 [0.8750, 0.9444] | 0.8426 [0.7500, 0.8889] | 1.0000 [1.0000, 1.0000] |
|      | k3 + 2d       | 0.7857 [0.7857, 0.7857] | 0.5714 [0.5714, 0.5714] | 1.0000 [1.0000, 1.0000] |
|      | k5 large + 2d | 0.5909 [0.5909, 0.5909] | 0.1818 [0.1818, 0.1818] | 1.0000 [1.0000, 1.0000] |

In brackets: 95 % percentile bootstrap intervals from 200 draws of the cases, seed 5.`,
    );
    // The stages that it says to add, beside those that they read, are a pipeline.
    const [, added] = /```yaml\n([^]*?)```/.exec(text)!;
    const yaml = `pipeline: 1
name: x
matrix: { fold: [0, 1] }
sources: { raw: { path: x } }
${added}  preprocess_new: { uses: preprocess, in: { dataset: sources.raw } }
  train_k3: &train { uses: train, each: [fold], in: { volumes: preprocess_new.volumes } }
  train_k5_large: *train
`;
    const file = join(folder, "pipeline.yaml");
    await Deno.writeTextFile(file, yaml);
    const { instances } = await loadPlan(file);
    assertEquals(instances.at(-1)!.id, "ensemble_new");
  }));

Deno.test("find_best takes the simpler one of equals, and the largest Dice of all", () =>
  withReports({ a: [4, 5], b: [6, 7], ab: [6, 7] }, async (folder, { a, b, ab }) => {
    const params = { names: ["a", "b"], ensembles: [["b", "a"]], bootstrap };
    const inputs = { reports: [a, b], ensembles: [ab] };
    const { best } = await runStage(findBest, { folder, params, inputs });
    const json = JSON.parse(await Deno.readTextFile(join(best, "best.json")));
    assertEquals(json.best, "b");
    // (12 / 16 + 14 / 17) / 2 on the left and 1 on the right.
    assertEquals(json.dice, ((12 / 16 + 14 / 17) / 2 + 1) / 2);
    assertEquals(json.candidates[2].name, "b + a");
    const text = await Deno.readTextFile(join(best, "best.md"));
    assertEquals(text.includes("uses: ensemble"), false);
  }));

Deno.test("find_best refuses reports without names, other cases and ensembles of what there is not", () =>
  withReports({ a: [4, 5], b: [6, 7], short: [6] }, async (folder, { a, b, short }) => {
    const refusal = async (inputs: Record<string, string[]>) => {
      const params = { names: ["a", "b"], bootstrap };
      const run = () => runStage(findBest, { folder, params, inputs });
      return (await assertRejects(run, RangeError)).message;
    };
    assertEquals(
      await refusal({ reports: [a] }),
      "Cannot find the best configuration: expected a name for each of 1 reports, found a, b",
    );
    assertEquals(
      await refusal({ reports: [a, b], ensembles: [a, b] }),
      "Cannot find the best configuration: expected a name for each of 2 reports, found a + b",
    );
    assertEquals(
      await refusal({ reports: [a, short] }),
      'Cannot compare runs as all must have the same cases: only "a" has "case_1"',
    );
    const early = (
      ensembles: string[][] | undefined,
      ...inputs: ["reports" | "ensembles", number][]
    ) => {
      const params = { names: ["a", "b"], ...(ensembles && { ensembles }), bootstrap };
      return assertThrows(() => findBest.check!(params, new Map(inputs)), RangeError).message;
    };
    const cannot = "Cannot find the best configuration: expected";
    assertEquals(early([["a", "c"]], ["reports", 2]), `${cannot} ensembles of a, b, found c`);
    assertEquals(
      early(undefined, ["reports", 3]),
      `${cannot} a name for each of 3 reports, found a, b`,
    );
    assertEquals(
      early(undefined, ["reports", 2], ["ensembles", 2]),
      `${cannot} a name for each of 2 reports, found a + b`,
    );
  }));

Deno.test("find_best keeps its contract: same bytes again", () =>
  withReports({ a: [4, 5], b: [6, 7] }, async (_, { a, b }) => {
    await stageConformance(findBest, {
      in: { reports: [a, b] },
      params: { names: ["a", "b"] },
      compute: COMPUTE,
    });
  }));
