import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { assertMessage, createProject, outcomes, starts } from "../testdata/project.ts";
import { InterruptedError, StageError } from "./errors.ts";
import { disk, type FileSystem, WriteError, writing } from "./file_system.ts";
import { lockFile } from "./key_lock.ts";
import { keyOf } from "./key.ts";
import { silentReporter } from "./reporter.ts";

const single = `pipeline: 1
name: single
seed: 5
stages:
  count:
    uses: steps
    publish: { files: results }
`;

/** The key of its one instance. */
const countKey = keyOf({
  format: 1,
  uses: "jsr:@mednext/pipeline/stages/steps",
  revision: 1,
  with: { count: 4 },
  seed: 5,
  in: {},
});

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

/** Every file below a folder, for seeing that nothing is left behind. */
async function filesBelow(folder: string): Promise<string[]> {
  const { listFiles } = await import("./digest.ts");
  return (await listFiles(folder).catch(() => [])).map(({ name }) => name);
}

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

/** A disk on which one operation fails for paths that match, as a full disk would. */
function fullDisk(operation: keyof FileSystem, pattern: RegExp): FileSystem {
  return {
    ...disk,
    [operation]: (...paths: [string, string]) => {
      if (!paths.some((path) => pattern.test(path))) {
        return (disk[operation] as typeof disk.rename)(...paths);
      }
      const error = new Error("No space left on device (os error 28)");
      return Promise.reject(Object.assign(error, { code: "ENOSPC" }));
    },
  };
}

for (
  const [operation, pattern, path] of [
    ["writeTextFile", /single\.lock\.json/, "single.lock.json"],
    ["copyFile", /results/, "results/sub/0.txt"],
  ] as const
) {
  Deno.test(`runPlan() names ${path} when the disk is full, and leaves no part of it`, async () => {
    await using project = await createProject({ "pipeline.yaml": single });
    const error = await assertMessage(
      () => project.run({ files: fullDisk(operation, pattern) }),
      `Cannot write ${join(project.folder, path)}: no space is left on the device`,
    );
    assertInstanceOf(error, WriteError);
    const left = await filesBelow(project.folder);
    assertEquals(left.filter((name) => name.endsWith(".tmp") || name === path), []);
    // With room on the disk everything falls into place; the stage itself does not run again.
    starts.length = 0;
    await project.run();
    assertEquals(starts, []);
    assertEquals(await project.read("results/sub/0.txt"), "5");
  });
}

Deno.test("runPlan() names the path when a file stands where a folder should be", async () => {
  await using project = await createProject({ "pipeline.yaml": single, "results": "a file" });
  const path = join(project.folder, "results", "sub", "0.txt");
  await assertMessage(
    () => project.run(),
    `Cannot write ${path}: a file stands where a folder should be`,
  );
  assertEquals(await project.read("results"), "a file");
});

Deno.test("runPlan() names the store when it cannot be made", async () => {
  await using project = await createProject({ "pipeline.yaml": single, ".mednext": "a file" });
  await assertMessage(
    () => project.run(),
    `Cannot write ${join(project.folder, ".mednext", ".gitignore")}: ` +
      `a file stands where a folder should be`,
  );
});

Deno.test("runPlan() waits for another run of the same key, and takes over its result", async () => {
  await using project = await createProject({ "pipeline.yaml": single });
  const path = join(project.folder, ".mednext", "locks", countKey);
  const held = await lockFile(path);
  const notices: string[] = [];
  const reporter = {
    ...silentReporter,
    notice(text: string) {
      notices.push(text);
      held[Symbol.dispose]();
    },
  };
  assertEquals(outcomes(await project.run({ reporter })), ["count ran"]);
  assertEquals(notices, [
    `count is being made by another run (process ${Deno.pid}): waiting`,
  ]);
});

Deno.test("lockFile() takes over the lock of a process that was killed", async () => {
  await using project = await createProject({});
  const path = join(project.folder, "lock");
  const holder = new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      `const f = Deno.openSync(${JSON.stringify(path)}, { create: true, write: true });
       await f.tryLock(true); console.log("held"); setTimeout(() => {}, 60000);`,
    ],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = holder.stdout.getReader();
  await reader.read();
  let waited = false;
  const waiting = lockFile(path, {
    onWait: () => {
      waited = true;
      holder.kill("SIGKILL");
    },
  });
  using _ = await waiting;
  assertEquals(waited, true);
  await reader.cancel();
  await holder.status;
});

Deno.test({
  name: "writing() names the path and the reason on a device that is full",
  ignore: Deno.build.os !== "linux", // needs /dev/full
  async fn() {
    await assertMessage(
      () => writing("/dev/full", () => Deno.writeTextFile("/dev/full", "x")),
      "Cannot write /dev/full: no space is left on the device",
    );
  },
});
