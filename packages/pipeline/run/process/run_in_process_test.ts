import { assert, assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { v8Flags } from "@mednext/kernels/v8-flags";
import type { ProgressEvent } from "../../stage.ts";
import { assertMessage, createProject, outcomes } from "../../testdata/project.ts";
import { StageError } from "../errors.ts";
import { exists, WriteError } from "../file_system.ts";
import { type Reporter, silentReporter } from "../reporter.ts";

const stage = await Deno.readTextFile(new URL("../../testdata/apart.ts", import.meta.url));

function createApart(act: string, settings: { with?: string; compute?: string } = {}) {
  return createProject({
    "apart.ts": stage,
    "text.txt": "text",
    "pipeline.yaml": `pipeline: 1
name: apart
seed: 4294967295
compute: { backend: cpu, threads: 3${settings.compute ?? ""} }
sources: { text: { path: text.txt } }
stages:
  one:
    uses: ./apart.ts
    in: { from: sources.text }
    with: { act: ${act}${settings.with ?? ""} }
    publish: { text: out.txt }
`,
  });
}

/** A reporter that keeps what it hears, in order. */
function listen(on: Partial<Reporter> = {}) {
  const heard: string[] = [];
  const reporter: Reporter = {
    ...silentReporter,
    progress: (_, { done, total }) => void heard.push(`${done}/${total}`),
    log: (_, line) => void heard.push(line),
    notice: (text) => void heard.push(`notice: ${text}`),
    ...on,
  };
  return { heard, reporter };
}

Deno.test("a stage of its own process gets its context unchanged, and the flags of V8", async () => {
  const value = `{ text: "\\n\\u001e ü 😀", none: null, list: [1.5, -1.0e-300, .inf, .nan, true] }`;
  await using project = await createApart("tell", { with: `, any: ${value}` });
  const { heard, reporter } = listen();
  const [result] = await project.run({ reporter });
  assertEquals(heard, ["first", "1/2", "second"]);
  assertEquals(result.metrics, { half: 0.5 }); // the lock file has no NaN
  const told = JSON.parse(await project.read("out.txt"));
  assert(told.pid !== Deno.pid);
  const given = Deno.env.get("DENO_V8_FLAGS") ?? "";
  assertEquals(told.flags, [...(given === "" ? [] : [given]), ...v8Flags()].join(","));
  assertEquals([told.instance, told.seed], ["one", 4294967295]);
  const compute = {
    ...{ backend: "cpu", threads: 3, precision: "float32" },
    ...{ ownProcess: true, loaderWorkers: 1 },
  };
  assertEquals(told.compute, compute);
  assertEquals(told.in, { from: `${project.folder}/text.txt` });
  const { act, count, milliseconds } = told.params;
  assertEquals([act, count, milliseconds], ["tell", 40, 20]);
  assertEquals(
    told.any,
    `{ text: "\\n\\x1e ü 😀", none: null, list: [ 1.5, -1e-300, Infinity, NaN, true ] }`,
  );
});

Deno.test("what a stage prints in its own process is shown as its log, in order", async () => {
  await using project = await createApart("print");
  const { heard, reporter } = listen();
  await project.run({ reporter });
  assertEquals(heard, [
    "before",
    "printed",
    "in two lines",
    "no end of line, ",
    "after",
    `{"type":"done"}`,
  ]);
});

Deno.test("an error of a stage's own process arrives with its class, its causes and their places", async () => {
  await using project = await createApart("fail");
  const { cause } = await assertMessage(() => project.run(), "Cannot finish one: outer");
  assertInstanceOf(cause, RangeError);
  assertInstanceOf(cause.cause, TypeError);
  const deepest = cause.cause.cause as Error & { code: string };
  assertEquals([deepest.message, deepest.code], ["deepest", "ENOENT"]);
  assert(/apart\.ts:\d+:\d+/.test(deepest.stack!), deepest.stack);
});

Deno.test("an error of a stage's own process arrives when it is no error, unhandled, or of the disk", async () => {
  await using byValue = await createApart("failByValue");
  await assertMessage(() => byValue.run(), "Cannot finish one: a text");
  await using later = await createApart("failLater");
  await assertMessage(() => later.run(), "Cannot finish one: nobody waited for this");
  await using unwritten = await createApart("failToWrite");
  const error = await assertRejects(() => unwritten.run(), WriteError);
  assertEquals(error.path, "the/disk");
  assert(error.message.endsWith("/text: full"), error.message);
});

for (
  const [act, how] of [
    ["exit", "the exit code 3"],
    [
      "kill",
      "the signal SIGKILL; unless somebody ended it, the machine had no memory left for it",
    ],
  ]
) {
  Deno.test({
    name: `a stage whose own process crashes fails, and the run does not: ${act}`,
    ignore: act === "kill" && Deno.build.os === "windows", // there are no signals there
    async fn() {
      await using project = await createApart(act);
      const [result] = await project.run({ keepGoing: true });
      assertInstanceOf(result.error, StageError);
      assertEquals(
        result.error.message,
        `Cannot finish one: the process of the stage ended with ${how}`,
      );
      assertEquals(await exists(`${project.folder}/out.txt`), false);
    },
  });
}

Deno.test("a stage is stopped in its own process, and goes on from its checkpoint", async () => {
  await using project = await createApart("count");
  const controller = new AbortController();
  const progress = (_: string, { done }: ProgressEvent) => void (done > 2 && controller.abort());
  await assertMessage(
    () => project.run({ signal: controller.signal, reporter: { ...silentReporter, progress } }),
    "Stopped; run the same command again: one goes on from its checkpoint",
  );
  const { heard, reporter } = listen();
  assertEquals(outcomes(await project.run({ reporter })), ["one ran"]);
  assert(/^from ([3-9]|[12]\d) in /.test(heard[0]), heard[0]);
  assertEquals(await project.read("out.txt"), "x".repeat(40));
});

Deno.test("a stage's own process ends a try that takes longer than its timeout", async () => {
  await using project = await createApart("count", { with: ", count: 1000" });
  await assertMessage(
    () => project.run({ set: ["stages.one.run={ timeout: 1s }"] }),
    "Cannot finish one: it took longer than its timeout of 1s",
  );
});

Deno.test("a flood of progress is thinned out to a trickle, and its last event arrives", async () => {
  await using project = await createApart("flood", { with: ", count: 1000000" });
  const { heard, reporter } = listen();
  await project.run({ reporter });
  assertEquals(heard.at(-1), "1000000/1000000");
  assert(heard.length < 1000, `${heard.length} events`);
});

Deno.test("a stage runs in the process of the pipeline with ownProcess: false", async () => {
  await using project = await createApart("tell", { compute: ", ownProcess: false" });
  const { heard, reporter } = listen();
  await project.run({ reporter });
  assertEquals(heard, ["first", "1/2", "second"]);
  assertEquals(JSON.parse(await project.read("out.txt")).pid, Deno.pid);
});

Deno.test("a stage that another process cannot load runs in that of the pipeline, and says why", async () => {
  await using project = await createApart("tell");
  const here = `if (Deno.pid !== ${Deno.pid}) throw new Error("not here");\n`;
  await project.write("apart.ts", here + stage);
  const { heard, reporter } = listen();
  await project.run({ reporter });
  assertEquals(
    heard[0],
    "notice: one runs in the process of the pipeline, not in one of its own: not here",
  );
  assertEquals(JSON.parse(await project.read("out.txt")).pid, Deno.pid);
});

Deno.test("a module that changes during a run is not used under the key of what it was", async () => {
  await using project = await createApart("tell");
  const start = () => Deno.writeTextFileSync(`${project.folder}/apart.ts`, `${stage}\n// changed`);
  await assertMessage(
    () => project.run({ reporter: { ...silentReporter, start } }),
    `Cannot finish one: Cannot use the module file://${project.folder}/apart.ts: expected what it ` +
      `was when the run began, found it changed; run the same command again`,
  );
});
