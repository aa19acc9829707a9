import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { collectGarbage } from "./gc.ts";
import { loadPipeline } from "./plan.ts";
import { silentReporter } from "./reporter.ts";
import { assertMessage, createProject, outcomes, starts } from "../testdata/project.ts";

const chain = `pipeline: 1
name: chain
sources:
  raw: { path: raw.txt }
stages:
  first:
    uses: join
    in: { from: sources.raw }
    with: { trim: true }
  second:
    uses: join
    in: { from: first.text }
    with: { suffix: "2" }
    publish: { text: results/second.txt }
  third:
    uses: join
    in: { from: second.text }
    with: { suffix: "3" }
`;

Deno.test("runPlan() has nothing to do when nothing has changed", async () => {
  await using project = await createProject({ "pipeline.yaml": chain, "raw.txt": "a" });
  assertEquals(outcomes(await project.run()), ["first ran", "second ran", "third ran"]);
  assertEquals(await project.read("results/second.txt"), "a2");
  const lock = await project.read("chain.lock.json");
  starts.length = 0;
  const again = await project.run();
  assertEquals(outcomes(again), ["first fresh", "second fresh", "third fresh"]);
  assertEquals(starts, []);
  assertEquals(again[2].metrics, { length: 3 });
  assertEquals(await Deno.readTextFile(again[2].outputs.text), "a23");
  assertEquals(await project.read("chain.lock.json"), lock);
});

Deno.test("runPlan() runs only what is downstream when a parameter has changed", async () => {
  await using project = await createProject({ "pipeline.yaml": chain, "raw.txt": "a" });
  await project.run();
  const changed = await project.run({ set: ["stages.second.with.suffix=b"] });
  assertEquals(outcomes(changed), ["first fresh", "second ran", "third ran"]);
  assertEquals(await project.read("results/second.txt"), "ab");
  const back = await project.run();
  assertEquals(outcomes(back), ["first fresh", "second restored", "third restored"]);
  assertEquals(await project.read("results/second.txt"), "a2");
});

Deno.test("runPlan() cuts off early when a rerun gives the same bytes", async () => {
  await using project = await createProject({ "pipeline.yaml": chain, "raw.txt": "a" });
  await project.run();
  await project.write("raw.txt", " a \n");
  assertEquals(outcomes(await project.run()), ["first ran", "second fresh", "third fresh"]);
});

Deno.test("runPlan() ignores what does not enter the key", async () => {
  await using project = await createProject({ "pipeline.yaml": chain, "raw.txt": "a" });
  await project.run();
  await project.write(
    "pipeline.yaml",
    chain.replace("results/second.txt", "results/other.txt")
      .replace(
        "name: chain",
        "name: chain\ndescription: new\nseed: 7\ncompute: { threads: 3 }\nparams: { a: 1 }",
      )
      .replace(
        `with: { suffix: "3" }`,
        `with: { workers: 2, suffix: "3" }\n    run: { retries: 2 }`,
      ),
  );
  assertEquals(outcomes(await project.run()), ["first fresh", "second fresh", "third fresh"]);
  assertEquals(await project.read("results/other.txt"), "a2");
});

Deno.test("runPlan() restores a stage that was renamed", async () => {
  await using project = await createProject({ "pipeline.yaml": chain, "raw.txt": "a" });
  await project.run();
  await project.write(
    "pipeline.yaml",
    chain.replace("second:", "middle:").replace("second.text", "middle.text"),
  );
  assertEquals(outcomes(await project.run()), ["first fresh", "middle restored", "third fresh"]);
  const { instances } = JSON.parse(await project.read("chain.lock.json"));
  assertEquals(Object.keys(instances), ["first", "middle", "third"]);
});

Deno.test("runPlan() gathers the instances of a matrix in order", async () => {
  await using project = await createProject({
    "pipeline.yaml": `pipeline: 1
name: folds
matrix: { fold: [0, 1, 2], size: [S, B] }
stages:
  one:
    uses: join
    each: [fold, size]
    with: { suffix: "\${matrix.size}" }
    publish: { text: texts }
  two:
    uses: join
    each: [fold]
    in: { from: { from: one.text, gather: [size] } }
  three:
    uses: join
    in: { from: { from: two.text, gather: [fold] } }
  four:
    uses: join
    in: { from: { from: one.text, at: { size: B, fold: 1 } } }
`,
  });
  const results = await project.run();
  assertEquals(results.length, 6 + 3 + 1 + 1);
  assertEquals(await Deno.readTextFile(results.at(-2)!.outputs.text), "S+B+S+B+S+B");
  assertEquals(await Deno.readTextFile(results.at(-1)!.outputs.text), "B");
  assertEquals(await project.read("texts/fold=2,size=B"), "B");
  const part = await project.run({ targets: ["two@fold=1"], force: true });
  assertEquals(outcomes(part), [
    "one@fold=1,size=S fresh",
    "one@fold=1,size=B fresh",
    "two@fold=1 ran",
  ]);
});

Deno.test("runPlan() detects a damaged object and makes it again", async () => {
  await using project = await createProject({ "pipeline.yaml": chain, "raw.txt": "a" });
  const [, second] = await project.run();
  await Deno.writeTextFile(second.outputs.text, "bad");
  const notices: string[] = [];
  const reporter = { ...silentReporter, notice: (text: string) => void notices.push(text) };
  assertEquals(outcomes(await project.run({ reporter })), [
    "first fresh",
    "second ran",
    "third fresh",
  ]);
  assertEquals(notices, [`second: output "text" is damaged in the store; making it again`]);
  assertEquals(await Deno.readTextFile(second.outputs.text), "a2");
});

Deno.test("runPlan() rebuilds what is missing when the store is gone but the lock is there", async () => {
  await using project = await createProject({ "pipeline.yaml": chain, "raw.txt": "a" });
  await project.run();
  const lock = await project.read("chain.lock.json");
  await Deno.remove(join(project.folder, ".mednext"), { recursive: true });
  assertEquals(outcomes(await project.run()), ["first ran", "second ran", "third ran"]);
  assertEquals(await project.read("chain.lock.json"), lock);
});

Deno.test("runPlan() shares results between two pipelines of one folder", async () => {
  await using project = await createProject({
    "pipeline.yaml": chain,
    "other.yaml": chain.replace("name: chain", "name: other").replace(`"3"`, `"4"`)
      .replace("results/", "others/"),
    "raw.txt": "a",
  });
  await project.run();
  assertEquals(outcomes(await project.run({ file: "other.yaml" })), [
    "first restored",
    "second restored",
    "third ran",
  ]);
  assertEquals(outcomes(await project.run()), ["first fresh", "second fresh", "third fresh"]);
  assertEquals(await project.read("others/second.txt"), "a2");
});

Deno.test("runPlan() refuses two pipelines of one name in one folder", async () => {
  await using project = await createProject({
    "pipeline.yaml": chain,
    "other.yaml": chain,
    "raw.txt": "a",
  });
  await project.run();
  await assertMessage(
    () => project.run({ file: "other.yaml" }),
    `Cannot use the lock file ${project.folder}/chain.lock.json for other.yaml: it belongs to ` +
      `pipeline.yaml, which has the same name; give one of the two another name`,
  );
});

for (
  const [what, instances, reason] of [
    ["no entries", null, `must have "format": 1 and "instances"`],
    ["no entry", { first: 7 }, `the instance "first" must have a key and digests`],
    [
      "a path where a digest should be",
      { first: { key: "k", out: { text: "../../../secret" } } },
      `the instance "first" must have a key and digests`,
    ],
  ] as const
) {
  Deno.test(`a lock file that holds ${what} is refused, and nothing is removed by it`, async () => {
    const lock = JSON.stringify({ format: 1, pipeline: "pipeline.yaml", instances });
    await using project = await createProject({
      "pipeline.yaml": chain,
      "raw.txt": "a",
      "chain.lock.json": lock,
      "other.lock.json": `{ "lockfileVersion": 3 }`,
      ".mednext/objects/sha256/ab/cd": "x",
    });
    const message = `Cannot read the lock file ${project.folder}/chain.lock.json: ${reason} ` +
      "(remove it to start afresh)";
    await assertMessage(() => project.run(), message);
    const pipeline = await loadPipeline(join(project.folder, "pipeline.yaml"));
    await assertMessage(() => collectGarbage(pipeline), message);
    assertEquals(await project.read(".mednext/objects/sha256/ab/cd"), "x");
  });
}

Deno.test("runPlan() removes what it published before, and nothing that its register makes up", async () => {
  const steps =
    `pipeline: 1\nname: s\nstages:\n  a: { uses: steps, publish: { files: results } }\n`;
  await using project = await createProject({ "pipeline.yaml": steps, "mine.txt": "mine" });
  await project.run();
  const register = ".mednext/published.json";
  const target = join(project.folder, "results");
  const published = JSON.parse(await project.read(register));
  published[target].push("../mine.txt");
  await project.write(register, JSON.stringify(published));
  await project.run({ set: ["stages.a.with.count=2"] });
  assertEquals((await Array.fromAsync(Deno.readDir(join(target, "sub")))).length, 2);
  assertEquals(await project.read("mine.txt"), "mine");
});

Deno.test("runPlan() never runs a frozen stage", async () => {
  const frozen = chain.replace(
    `with: { suffix: "2" }`,
    `with: { suffix: "x" }\n    run: { frozen: true }`,
  );
  await using project = await createProject({ "pipeline.yaml": chain, "raw.txt": "a" });
  const [, second] = await project.run();
  await project.write("pipeline.yaml", frozen);
  assertEquals(outcomes(await project.run()), ["first fresh", "second fresh", "third fresh"]);
  await Deno.remove(second.outputs.text);
  await assertMessage(
    () => project.run(),
    `Cannot use the frozen second: its output "text" is missing in the store`,
  );
});

Deno.test("runPlan() runs a stage from a file again when a file that it names has changed", async () => {
  await using project = await createProject({
    "pipeline.yaml": `pipeline: 1\nname: local\nstages:\n  own: { uses: ./own.ts }\n`,
    "own.ts": `import { greeting } from "./greeting.ts";
export default {
  revision: 1,
  inputs: {},
  outputs: { text: "text" },
  params: {},
  run: ({ out }: { out: { text: string } }) => Deno.writeTextFile(out.text, greeting),
};`,
    "greeting.ts": `export const greeting = "hello";`,
    "unrelated.ts": "",
  });
  const [{ outputs }] = await project.run();
  assertEquals(await Deno.readTextFile(outputs.text), "hello");
  await project.write("unrelated.ts", "// new");
  assertEquals(outcomes(await project.run()), ["own fresh"]);
  await project.write("greeting.ts", `export const greeting = "hello"; // the same bytes`);
  assertEquals(outcomes(await project.run()), ["own ran"]);
});

Deno.test("runPlan() tells a stage the digests of its inputs, for the provenance of what it makes", async () => {
  await using project = await createProject({
    "pipeline.yaml": `pipeline: 1
name: digests
sources: { raw: { path: raw.txt } }
stages:
  tell: { uses: ./tell.ts, in: { text: sources.raw } }
`,
    "raw.txt": "a",
    "tell.ts":
      `export default { revision: 1, inputs: { text: "text" }, outputs: { json: "json" }, params: {},
      run: ({ out, digests }) => Deno.writeTextFile(out.json, JSON.stringify(digests)) };`,
  });
  const [{ outputs }] = await project.run();
  // sha256 of "a" as sha256sum gives it.
  assertEquals(JSON.parse(await Deno.readTextFile(outputs.json)), {
    text: ["sha256:ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"],
  });
});
