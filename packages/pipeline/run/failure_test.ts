import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { join } from "@std/path";
import {
  assertMessage,
  countKey,
  createProject,
  filesBelow,
  outcomes,
  single,
  starts,
} from "../testdata/project.ts";
import { InterruptedError, StageError } from "./errors.ts";
import { lockFile } from "./key_lock.ts";
import { silentReporter } from "./reporter.ts";

const failing = `pipeline: 1
name: failing
stages:
  good:
    uses: join
    with: { suffix: g }
  bad:
    uses: join
    with: { fail: the text is bad, suffix: x }
    run: { retries: 1 }
  after_bad: { uses: join, in: { from: bad.text } }
  after_good: { uses: join, in: { from: good.text } }
`;

Deno.test("runPlan() goes on from the checkpoint after a stop, to the same bytes", async () => {
  await using whole = await createProject({ "pipeline.yaml": single });
  await whole.run();
  await using project = await createProject({ "pipeline.yaml": single });
  const controller = new AbortController();
  const reporter = {
    ...silentReporter,
    progress: (_: string, { done }: { done: number }) => void (done === 2 && controller.abort()),
  };
  starts.length = 0;
  const error = await assertMessage(
    () => project.run({ signal: controller.signal, reporter }),
    "Stopped; run the same command again: count goes on from its checkpoint",
  );
  assertInstanceOf(error, InterruptedError);
  assertEquals(await filesBelow(join(project.folder, "results")), []);
  assertEquals(await filesBelow(join(project.folder, ".mednext", "staging")), []);
  assertEquals(outcomes(await project.run()), ["count ran"]);
  assertEquals(starts, ["steps from 0", "steps from 2"]);
  assertEquals(await project.read("single.lock.json"), await whole.read("single.lock.json"));
  assertEquals(await project.read("results/sub/3.txt"), "8");
  assertEquals(await filesBelow(join(project.folder, ".mednext", "scratch")), []);
});

Deno.test("runPlan() gives another key an empty scratch folder", async () => {
  await using project = await createProject({ "pipeline.yaml": single });
  const stopper = new AbortController();
  const reporter = { ...silentReporter, progress: () => stopper.abort() };
  await project.run({ signal: stopper.signal, reporter }).catch(() => {});
  starts.length = 0;
  await project.run({ set: ["stages.count.with.count=3"] });
  assertEquals(starts, ["steps from 0"]);
});

Deno.test("runPlan() stops before the first stage when it is already aborted", async () => {
  await using project = await createProject({ "pipeline.yaml": single });
  await assertMessage(
    () => project.run({ signal: AbortSignal.abort() }),
    "Stopped; run the same command again to go on",
  );
});

Deno.test("runPlan() names the stage that failed and leaves nothing of it", async () => {
  await using project = await createProject({ "pipeline.yaml": failing });
  starts.length = 0;
  const error = await assertMessage(() => project.run(), "Cannot finish bad: the text is bad");
  assertInstanceOf(error, StageError);
  assertInstanceOf(error.cause, RangeError);
  assertEquals(starts, ["good", "bad", "bad"]); // one retry
  assertEquals(await filesBelow(join(project.folder, ".mednext", "staging")), []);
  const { instances } = JSON.parse(await project.read("failing.lock.json"));
  assertEquals(Object.keys(instances), ["good"]);
});

Deno.test("runPlan() skips only what needs the failed stage when it keeps going", async () => {
  await using project = await createProject({ "pipeline.yaml": failing });
  const results = await project.run({ keepGoing: true });
  assertEquals(outcomes(results), [
    "good ran",
    "bad failed",
    "after_bad skipped",
    "after_good ran",
  ]);
  assertEquals(results[2].error?.message, "after_bad needs bad, which has no result");
});

Deno.test("runPlan() ends a try that takes longer than its timeout", async () => {
  await using project = await createProject({
    "pipeline.yaml":
      `pipeline: 1\nname: slow\nstages:\n  wait: { uses: ./wait.ts, run: { timeout: 1s } }\n`,
    "wait.ts": `export default { revision: 1, inputs: {}, outputs: {}, params: {},
  run: ({ signal }) => new Promise((_, reject) => {
    const timer = setTimeout(() => {}, 9000);
    signal.onabort = () => { clearTimeout(timer); reject(signal.reason); };
  }) };`,
  });
  await assertMessage(
    () => project.run(),
    "Cannot finish wait: it took longer than its timeout of 1s",
  );
});

Deno.test("runPlan() refuses an output that was not written", async () => {
  await using project = await createProject({
    "pipeline.yaml": `pipeline: 1\nname: lazy\nstages:\n  nothing: { uses: ./nothing.ts }\n`,
    "nothing.ts":
      `export default { revision: 1, inputs: {}, outputs: { text: "text" }, params: {}, run() {} };`,
  });
  await assertMessage(
    () => project.run(),
    `Cannot finish nothing: it wrote nothing to its output "text"`,
  );
});

Deno.test("runPlan() refuses an output that is a symbolic link", async () => {
  await using project = await createProject({
    "pipeline.yaml": `pipeline: 1\nname: link\nstages:\n  link: { uses: ./link.ts }\n`,
    "link.ts": `export default { revision: 1, inputs: {}, outputs: { text: "text" }, params: {},
  run: ({ out }) => Deno.symlink(import.meta.filename, out.text) };`,
  });
  const error = await assertRejects(() => project.run(), StageError);
  assertEquals(
    error.message.replace(/[0-9a-f]{64}/, "KEY"),
    `Cannot finish link: Cannot keep the output ${project.folder}/.mednext/staging/KEY/text: ` +
      `it is a symbolic link`,
  );
});

Deno.test("runPlan() reports an error that a stage meets while it stops", async () => {
  await using project = await createProject({
    "pipeline.yaml": `pipeline: 1\nname: late\nstages:\n  late: { uses: ./late.ts }\n`,
    "late.ts": `export default { revision: 1, inputs: {}, outputs: {}, params: {},
  run({ progress }) { progress({ done: 1, total: 2 }); throw new Error("no room left"); } };`,
  });
  const controller = new AbortController();
  const reporter = { ...silentReporter, progress: () => controller.abort() };
  await assertMessage(
    () => project.run({ signal: controller.signal, reporter }),
    "Cannot finish late: no room left",
  );
});

Deno.test("runPlan() can be stopped while it waits for another run", async () => {
  await using project = await createProject({ "pipeline.yaml": single });
  const controller = new AbortController();
  const reporter = { ...silentReporter, notice: () => controller.abort() };
  using _ = await lockFile(join(project.folder, ".mednext", "locks", countKey));
  await assertMessage(
    () => project.run({ signal: controller.signal, reporter }),
    "Stopped; run the same command again to go on",
  );
});

Deno.test("runPlan() names a source that is missing, or that is not what it is pinned to", async () => {
  const text = `pipeline: 1
name: pinned
sources:
  raw: { path: raw, digest: "sha256:${"0".repeat(64)}" }
stages:
  one: { uses: join, in: { from: sources.raw } }
`;
  await using project = await createProject({ "pipeline.yaml": text });
  const raw = join(project.folder, "raw");
  await assertMessage(
    () => project.run(),
    `Cannot read pipeline.yaml:4 at sources.raw.path: no such file or folder: ${raw} ` +
      `(set it with --set sources.raw.path=…)`,
  );
  await project.write("raw", "abc");
  await assertMessage(
    () => project.run(),
    `Cannot read pipeline.yaml:4 at sources.raw.digest: must be the digest of ${raw}: it is ` +
      // printf abc | sha256sum
      `sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad, ` +
      `the file says sha256:${"0".repeat(64)}`,
  );
});

Deno.test("runPlan() refuses a source whose symbolic link leads out of it", async () => {
  await using project = await createProject({
    "pipeline.yaml":
      `pipeline: 1\nname: links\nsources: { raw: { path: raw } }\nstages:\n  one: { uses: join, in: { from: sources.raw } }\n`,
    "raw/a.txt": "a",
    "secret.txt": "s",
  });
  await Deno.symlink(join(project.folder, "secret.txt"), join(project.folder, "raw/link.txt"));
  await assertMessage(
    () => project.run(),
    `Cannot read pipeline.yaml:3 at sources.raw.path: Cannot follow the symbolic link ` +
      `${project.folder}/raw/link.txt: it leads out of ${project.folder}/raw`,
  );
});
