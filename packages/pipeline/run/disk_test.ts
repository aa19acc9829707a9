import { assertEquals, assertInstanceOf } from "@std/assert";
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
import { disk, type FileSystem, WriteError, writing } from "./file_system.ts";
import { lockFile } from "./key_lock.ts";
import { silentReporter } from "./reporter.ts";

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
