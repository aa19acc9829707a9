import { assertEquals } from "@std/assert";
import { fromFileUrl, join, resolve } from "@std/path";
import configuration from "../deno.json" with { type: "json" };
import { builtins, createProject } from "../testdata/project.ts";
import { help } from "./help.ts";
import { main } from "./main.ts";
import type { Terminal } from "./terminal.ts";

const text = `pipeline: 1
name: demo
sources: { raw: { path: raw.txt } }
matrix: { fold: [0, 1] }
stages:
  first: { uses: join, in: { from: sources.raw } }
  second: { uses: join, each: [fold], in: { from: first.text }, with: { suffix: "2" } }
  third: { uses: join, in: { from: { from: second.text, gather: [fold] } } }
`;

/** Runs the command line and keeps what it writes; times are replaced. */
async function call(args: string[], file?: string) {
  let out = "", error = "";
  const terminal: Terminal = {
    interactive: false,
    write: (text) => void (out += text),
    writeError: (line) => void (error += `${line}\n`),
    columns: () => 80,
    paint: (text) => text,
  };
  const code = await main(args, { terminal, builtins, ...(file === undefined ? {} : { file }) });
  return { code, out: out.replaceAll(/\d+\.\d s/g, "0.0 s"), error };
}

Deno.test("main() runs, reports and ends with a table", async () => {
  await using project = await createProject({ "pipeline.yaml": text, "raw.txt": "a" });
  const file = join(project.folder, "pipeline.yaml");
  assertEquals(await call([], file), {
    code: 0,
    error: "",
    out: `first: running
first: ran (0.0 s)
second@fold=0: running
second@fold=0: ran (0.0 s)
second@fold=1: restored (0.0 s)
third: running
third: ran (0.0 s)

stage          result    time
first          ran       0.0 s  length 1
second@fold=0  ran       0.0 s  length 2
second@fold=1  restored         length 2
third          ran       0.0 s  length 5
`,
  });
  assertEquals(
    (await call(["run", "second@fold=0"], file)).out,
    `first: fresh
second@fold=0: fresh

stage          result  time
first          fresh         length 1
second@fold=0  fresh         length 2
`,
  );
});

Deno.test("main() plans", async () => {
  await using project = await createProject({ "pipeline.yaml": text });
  const file = join(project.folder, "pipeline.yaml");
  assertEquals(
    (await call([file, "plan"])).out,
    `stage          uses  revision    reads
first          join  revision 1  from: sources.raw
second@fold=0  join  revision 1  from: first.text
second@fold=1  join  revision 1  from: first.text
third          join  revision 1  from: second@fold=0.text + second@fold=1.text
`,
  );
});

Deno.test("main() shows the status and says why", async () => {
  await using project = await createProject({ "pipeline.yaml": text, "raw.txt": "a" });
  const file = join(project.folder, "pipeline.yaml");
  await call([], file);
  assertEquals(
    (await call(["status"], file)).out.split("\n").at(-2),
    "Nothing to run",
  );
  const changed = await call(["status", "--why", "--set", "stages.second.with.suffix=x"], file);
  assertEquals(
    changed.out,
    `stage          state    why
first          fresh
second@fold=0  stale    with.suffix: "2" -> "x"
second@fold=1  stale    with.suffix: "2" -> "x"
third          waiting  after second@fold=0, second@fold=1

3 of 4 to run
`,
  );
});

Deno.test("main() refuses to limit the minutes of a pipeline without a training", async () => {
  await using project = await createProject({ "pipeline.yaml": text, "raw.txt": "a" });
  assertEquals(await call(["--max-minutes", "3"], join(project.folder, "pipeline.yaml")), {
    code: 1,
    out: "",
    error: "Cannot limit the minutes: no stage of this pipeline has a parameter maxMinutes\n",
  });
});

Deno.test("main() collects garbage, and keeps what lock files name", async () => {
  await using project = await createProject({ "pipeline.yaml": text, "raw.txt": "a" });
  const file = join(project.folder, "pipeline.yaml");
  await call([], file);
  assertEquals((await call(["gc"], file)).out, "Removed 0 entries, 0.0 MiB\n");
  await call(["--set", `stages.third.with={ suffix: "new" }`], file);
  await call([], file);
  const dry = await call(["gc", "--dry-run"], file);
  assertEquals(dry.out.split("\n").at(-2), "Would remove 2 entries, 0.0 MiB"); // object and record
  assertEquals((await call(["gc"], file)).out.split("\n").at(-2), "Removed 2 entries, 0.0 MiB");
  assertEquals((await call(["status"], file)).out.split("\n").at(-2), "Nothing to run");
});

Deno.test("main() prints help and version", async () => {
  assertEquals(await call(["--help"]), { code: 0, out: `${help}\n`, error: "" });
  assertEquals(await call(["-h"]), { code: 0, out: `${help}\n`, error: "" });
  const version = `@mednext/pipeline ${configuration.version}\n`;
  assertEquals(await call(["--version"]), { code: 0, out: version, error: "" });
});

for (
  const [args, message] of [
    [["--sett", "a=b"], `unknown flag --sett, did you mean "--set"?`],
    [["plan", "--force"], "plan has no flag --force (its flags: --set, --max-minutes)"],
    [["init", "--why"], "init has no flag --why (its flags: --cross-validation)"],
    [["--jobs", "4"], "--jobs must be 1: stages run one after the other today; found 4"],
    [["--set"], "--set must be path=value, such as stages.train.with.epochs=5"],
    [["schema", "--output"], "--output must name a file"],
    [["--max-minutes", "0"], `--max-minutes must be a number above 0: found "0"`],
    [["--max-minutes=long"], `--max-minutes must be a number above 0: found "long"`],
    [["--jobs", "all"], `--jobs must be a whole number: found "all"`],
    [["a.yaml", "b.yaml"], "one pipeline file at a time: found a.yaml, b.yaml"],
    [["predct", "scans"], `unknown command "predct", did you mean "predict"?`],
    [["scans"], `unknown command "scans"`],
    [["status", "train"], `there is no pipeline.yaml here: name the file, or let "init" write one`],
    [["init", "a", "b"], "init takes one folder: found a, b"],
    [["init", "a.yaml"], "init takes a folder: found a.yaml"],
    [["gc", "train"], "gc takes no targets: found train"],
    [["info", "--why"], "info has no flag --why (its flags: --test)"],
    [["ifno"], `unknown command "ifno", did you mean "info"?`],
  ] as const
) {
  Deno.test(`main() ends with exit code 2 when called with ${args.join(" ")}`, async () => {
    const error = `${message}; --help shows what there is\n`;
    assertEquals(await call([...args]), { code: 2, out: "", error });
  });
}

Deno.test("main() ends with exit code 2 when a target or a command is unknown", async () => {
  await using project = await createProject({ "pipeline.yaml": text });
  const file = join(project.folder, "pipeline.yaml");
  assertEquals(await call(["thrid"], file), {
    code: 2,
    out: "",
    error: `Cannot find the target "thrid" in pipeline.yaml (stages: first, second, third), ` +
      `did you mean "third"?; --help shows what there is\n`,
  });
  assertEquals(await call(["statsu"], file), {
    code: 2,
    out: "",
    error: `Cannot find the target "statsu" in pipeline.yaml (stages: first, second, third); ` +
      `perhaps the command "status" is meant; --help shows what there is\n`,
  });
  assertEquals(
    (await call(["predct"], file)).error,
    `Cannot find the target "predct" in pipeline.yaml (stages: first, second, third); ` +
      `perhaps the command "predict" is meant; --help shows what there is\n`,
  );
  assertEquals(
    (await call(["status", "absent"], file)).error,
    `Cannot find the target "absent" in pipeline.yaml (stages: first, second, third); ` +
      `--help shows what there is\n`,
  );
});

Deno.test("main() names a file that is not there", async () => {
  assertEquals(await call(["absent/pipeline.yaml"]), {
    code: 1,
    out: "",
    error: "Cannot read the pipeline file absent/pipeline.yaml: no such file\n",
  });
  assertEquals(
    (await call(["absent/pipeline.yaml", "gc"])).error,
    "Cannot read the pipeline file absent/pipeline.yaml: no such file\n",
  );
});

Deno.test("main() shows the causes of a failed stage", async () => {
  await using project = await createProject({ "pipeline.yaml": text, "raw.txt": "a" });
  const file = join(project.folder, "pipeline.yaml");
  const { code, error } = await call(["first", "--set", "stages.first.with.fail=oh"], file);
  assertEquals(code, 1);
  const lines = error.split("\n");
  assertEquals(lines[0], "Cannot finish first: oh");
  assertEquals(lines[1], "  because: deeper");
  assertEquals(/^ {2}at .*project\.ts:\d+:\d+/.test(lines[2]), true);
});

Deno.test("main() shows a place in the code for a bug, and none for an error that says it all", async () => {
  const stage = (body: string) =>
    `export default { revision: 1, inputs: {}, outputs: {}, params: {}, run() { ${body} } };`;
  await using project = await createProject({
    "pipeline.yaml": `pipeline: 1
name: demo
stages:
  bug: { uses: ./bug.ts }
  told: { uses: ./told.ts }
  absent: { uses: ./absent.ts }
`,
    "bug.ts": stage("undefined.x"),
    "told.ts": stage(`throw new RangeError("Cannot read 'a.nii': expected a, found b")`),
    "absent.ts": stage(
      `try { Deno.readTextFileSync("/absent"); } catch (cause) {
         throw new Error("Cannot read '/absent': no such file or folder", { cause });
       }`,
    ),
  });
  const file = join(project.folder, "pipeline.yaml");
  const bug = (await call(["bug"], file)).error.split("\n");
  assertEquals(bug[0], "Cannot finish bug: Cannot read properties of undefined (reading 'x')");
  assertEquals(/^ {2}at .*bug\.ts:1:\d+/.test(bug[1]), true);
  assertEquals(
    (await call(["told"], file)).error,
    "Cannot finish told: Cannot read 'a.nii': expected a, found b\n",
  );
  assertEquals(
    (await call(["absent"], file)).error,
    "Cannot finish absent: Cannot read '/absent': no such file or folder\n",
  );
});

Deno.test("main() writes a project to start from and overwrites nothing", async () => {
  await using project = await createProject({});
  const folder = join(project.folder, "new");
  const last = "Point sources.raw.path in pipeline.yaml at your data set, then: " +
    `cd ${folder} && deno run -A pipeline.yaml\n`;
  const first = await call(["init", folder]);
  assertEquals(first, {
    code: 0,
    error: "",
    out: `Wrote ${folder}/pipeline.yaml\nWrote ${folder}/deno.json\n${last}`,
  });
  const config = JSON.parse(await project.read("new/deno.json"));
  assertEquals(config.imports, { "./pipeline.yaml": "jsr:@mednext/pipeline@^0.1/main" });
  const root = fromFileUrl(new URL("../../../", import.meta.url));
  assertEquals(resolve(folder, config.links[0]), resolve(root));
  await project.write("new/pipeline.yaml", "mine");
  const second = await call(["init", folder]);
  assertEquals(
    second.out,
    `Kept ${folder}/pipeline.yaml, which is there already
Kept ${folder}/deno.json, which is there already
Add to its "imports": "./pipeline.yaml":"jsr:@mednext/pipeline@^0.1/main"
${last}`,
  );
  assertEquals(await project.read("new/pipeline.yaml"), "mine");
});

Deno.test("main() shows what each backend finds, and which one auto takes", async () => {
  const { code, out, error } = await call(["info"]);
  assertEquals([code, error], [0, ""]);
  const rows = out.trimEnd().split("\n").map((line) => /^(\w+) +(auto)? +(\S.*)$/.exec(line)!);
  assertEquals(rows.map(([, name]) => name), ["tensorflow", "webgpu", "wasm", "cpu"]);
  assertEquals(rows.filter(([, , chosen]) => chosen === "auto").length, 1);
});
