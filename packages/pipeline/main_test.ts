import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { exists } from "./run/file_system.ts";
import { createProject } from "./testdata/project.ts";
import { createUserProject, deno, outputOf, withoutDeno } from "./testdata/user_project.ts";

const counter = await Deno.readTextFile(new URL("./testdata/counter.ts", import.meta.url));
const text = `pipeline: 1
name: demo
stages:
  count: { uses: ./counter.ts, publish: { text: out.txt } }
`;

const files = { "pipeline.yaml": text, "counter.ts": counter };

Deno.test("deno run -A pipeline.yaml runs the pipeline through an import map", async () => {
  await using project = await createUserProject(files);
  assertEquals(await outputOf(deno(project, ["pipeline.yaml"])), {
    code: 0,
    error: "",
    out: `count: running
count: from 0
count: ran (0.0 s)

stage  result  time
count  ran     0.0 s  done 3

Published: out.txt
`,
  });
  assertEquals(await project.read("out.txt"), "xxx");
  const status = await outputOf(deno(project, ["pipeline.yaml", "status"]));
  assertEquals(status.out, "stage  state\ncount  fresh\n\nNothing to run\n");
  const wrong = await outputOf(deno(project, ["./pipeline.yaml", "--wrong"]));
  assertEquals(wrong, {
    code: 2,
    out: "",
    error: "unknown flag --wrong; --help shows what there is\n",
  });
});

Deno.test("deno run -A pipeline.yaml runs the project that init made", async () => {
  await using project = await createProject({});
  const main = fromFileUrl(new URL("./main.ts", import.meta.url));
  assertEquals((await outputOf(deno(project, [main, "init"]))).code, 0);
  const { code, out, error } = await outputOf(deno(project, ["pipeline.yaml", "plan"]));
  assertEquals([code, error], [0, ""]);
  assertEquals(
    out.replaceAll(/revision \d+/g, "revision N"),
    `stage       uses        revision    reads
preprocess  preprocess  revision N  dataset: sources.raw
train       train       revision N  volumes: preprocess.volumes, splits: preprocess.splits
infer       infer       revision N  volumes: preprocess.volumes, splits: preprocess.splits, model: train.model
evaluate    evaluate    revision N  dataset: sources.raw, masks: infer.masks, splits: preprocess.splits
`,
  );
});

Deno.test("deno run -A main.ts pipeline.yaml runs the pipeline without an import map", async () => {
  await using project = await createUserProject(files);
  const main = fromFileUrl(new URL("./main.ts", import.meta.url));
  const { code, out } = await outputOf(deno(project, [main, "pipeline.yaml", "count"]));
  assertEquals([code, out.split("\n").at(-4)], [0, "count  ran     0.0 s  done 3"]);
});

Deno.test({
  name: "Ctrl-C stops the run with exit code 130, and the next run goes on from the checkpoint",
  ignore: Deno.build.os === "windows", // a signal cannot be sent to a process there
  async fn() {
    await using project = await createUserProject(files);
    const slow = ["--set", "stages.count.with={ count: 40, milliseconds: 20 }"];
    const child = deno(project, ["pipeline.yaml", ...slow]);
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let out = "";
    for (let sent = false;;) {
      const { value, done } = await reader.read();
      if (done) break;
      out += value;
      if (!sent && out.includes("from 0")) {
        sent = true;
        await new Promise((resolve) => setTimeout(resolve, 100));
        child.kill("SIGINT");
      }
    }
    const error = withoutDeno(await new Response(child.stderr).text());
    assertEquals((await child.status).code, 130);
    assertEquals(out.split("\n"), [
      "count: running",
      "count: from 0",
      "",
      "Stopping after this step; press Ctrl-C again to stop at once",
      "",
    ]);
    assertEquals(error, "Stopped; run the same command again: count goes on from its checkpoint\n");
    assertEquals(await exists(join(project.folder, "out.txt")), false);
    const resumed = await outputOf(deno(project, ["pipeline.yaml", ...slow]));
    const [first, second] = resumed.out.split("\n");
    assertEquals(first, "count: resumed");
    assertEquals(/^count: from [1-9]\d*$/.test(second), true);
    assertEquals(await project.read("out.txt"), "x".repeat(40));
  },
});

Deno.test({
  name: "a second Ctrl-C ends a run at once whose stage does not stop",
  ignore: Deno.build.os === "windows", // a signal cannot be sent to a process there
  async fn() {
    await using project = await createUserProject(files);
    await project.write(
      "counter.ts",
      `export default { revision: 1, inputs: {}, outputs: { text: "text" }, params: {},
  async run({ out, log }) {
    log("deaf");
    await new Promise((resolve) => setTimeout(resolve, 20000));
    await Deno.writeTextFile(out.text, "late");
  } };`,
    );
    const child = deno(project, ["pipeline.yaml"]);
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let out = "";
    for (const awaited of ["deaf", "Stopping"]) {
      while (!out.includes(awaited)) out += (await reader.read()).value;
      child.kill("SIGINT");
    }
    await reader.cancel();
    await child.stderr.cancel();
    assertEquals((await child.status).code, 130);
    assertEquals(await exists(join(project.folder, "out.txt")), false);
  },
});
