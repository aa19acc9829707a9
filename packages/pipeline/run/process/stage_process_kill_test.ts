import { assert, assertEquals } from "@std/assert";
import { createUserProject, deno, outputOf } from "../../testdata/user_project.ts";
import type { Project } from "../../testdata/project.ts";
import { exists } from "../file_system.ts";

const stage = await Deno.readTextFile(new URL("../../testdata/apart.ts", import.meta.url));
const ignore = Deno.build.os === "windows"; // a signal cannot be sent to a process there

function createApart(act: string): Promise<Project> {
  return createUserProject({
    "apart.ts": stage,
    "pipeline.yaml": `pipeline: 1
name: apart
stages:
  one: { uses: ./apart.ts, with: { act: ${act}, count: 200 }, publish: { text: out.txt } }
`,
  });
}

/** Runs it until its stage is at work; gives its output so far, and the id of the stage's process. */
async function untilAtWork(child: Deno.ChildProcess) {
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let out = "";
  const readUntil = async (pattern: RegExp) => {
    for (;;) {
      const match = pattern.exec(out);
      if (match !== null) return match;
      const { value, done } = await reader.read();
      assert(!done, `expected ${pattern} in the output, found ${out}`);
      out += value;
    }
  };
  const pid = Number((await readUntil(/ in (\d+)\n/))[1]);
  return { pid, readUntil, cancel: () => Promise.all([reader.cancel(), child.stderr.cancel()]) };
}

function lives(pid: number): boolean {
  try {
    Deno.kill(pid, "SIGCONT"); // changes nothing
    const isZombie = Deno.build.os === "linux" &&
      /\) Z /.test(Deno.readTextFileSync(`/proc/${pid}/stat`));
    return !isZombie;
  } catch {
    return false;
  }
}

/** Resolves when the process has gone. */
async function untilGone(pid: number): Promise<void> {
  while (lives(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
}

Deno.test({
  name: "the process of a stage saves its checkpoint and ends when the pipeline's is killed",
  ignore,
  async fn() {
    await using project = await createApart("count");
    const child = deno(project, ["pipeline.yaml"]);
    const { pid, cancel } = await untilAtWork(child);
    assert(pid !== child.pid);
    child.kill("SIGKILL");
    await child.status;
    await cancel();
    await untilGone(pid);
    const { code, out } = await outputOf(deno(project, ["pipeline.yaml"]));
    assertEquals(code, 0);
    assert(/^one: resumed\none: from [1-9]\d* in/.test(out), out);
    assertEquals(await project.read("out.txt"), "x".repeat(200));
  },
});

Deno.test({
  name: "a stage that keeps its process to itself is stopped when it tells what nobody hears",
  ignore,
  async fn() {
    await using project = await createApart("deaf");
    const child = deno(project, ["pipeline.yaml"]);
    const { pid, cancel } = await untilAtWork(child);
    child.kill("SIGKILL");
    await child.status;
    await cancel();
    await untilGone(pid);
  },
});

Deno.test({
  name: "a second Ctrl-C ends the process of a stage that does not stop",
  ignore,
  async fn() {
    await using project = await createApart("deaf");
    const child = deno(project, ["pipeline.yaml"]);
    const { pid, readUntil, cancel } = await untilAtWork(child);
    child.kill("SIGINT");
    await readUntil(/Stopping/);
    child.kill("SIGINT");
    assertEquals((await child.status).code, 130);
    await cancel();
    await untilGone(pid);
    assertEquals(await exists(`${project.folder}/out.txt`), false);
  },
});

Deno.test({
  name: "Ctrl-C reaches the process of a stage through the pipeline alone",
  ignore,
  async fn() {
    await using project = await createApart("count");
    const child = deno(project, ["pipeline.yaml"]);
    const { pid, cancel } = await untilAtWork(child);
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) Deno.kill(pid, signal);
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert(lives(pid));
    child.kill("SIGINT");
    assertEquals((await child.status).code, 130);
    await cancel();
    assertEquals(lives(pid), false);
    const { out } = await outputOf(deno(project, ["pipeline.yaml"]));
    assert(out.startsWith("one: resumed\n"), out);
  },
});
