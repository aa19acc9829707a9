import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { listFiles } from "../run/digest.ts";
import { keyOf } from "../run/key.ts";
import { loadPlan, type PlanOptions } from "../run/plan.ts";
import { type InstanceResult, runPlan, type RunPlanOptions } from "../run/runner.ts";
import type { Stage, StageContext } from "../stage.ts";

/** A folder for one test, removed at its end. */
export interface Project extends AsyncDisposable {
  readonly folder: string;
  /** Writes a file. */
  write(name: string, text: string): Promise<void>;
  /** Reads a file. */
  read(name: string): Promise<string>;
  /** Plans and runs `pipeline.yaml`, or another. */
  run(options?: RunPlanOptions & PlanOptions & { file?: string }): Promise<InstanceResult[]>;
}

/** Makes a project of the given files. */
export async function createProject(files: Record<string, string>): Promise<Project> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "pipeline_" }));
  const write = async (name: string, text: string) => {
    await Deno.mkdir(join(folder, name, ".."), { recursive: true });
    await Deno.writeTextFile(join(folder, name), text);
  };
  for (const [name, text] of Object.entries(files)) await write(name, text);
  return {
    folder,
    write,
    read: (name) => Deno.readTextFile(join(folder, name)),
    run: async ({ file = "pipeline.yaml", ...options } = {}) =>
      await runPlan(await loadPlan(join(folder, file), { builtins, ...options }), options),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** Asserts that it rejects with exactly this message. */
export async function assertMessage(action: () => Promise<unknown>, message: string) {
  const error = await assertRejects(action, Error);
  assertEquals(error.message, message);
  return error;
}

/** `id outcome` of each instance. */
export function outcomes(results: readonly InstanceResult[]): string[] {
  return results.map(({ id, outcome }) => `${id} ${outcome}`);
}

type Context = StageContext<
  { suffix: string; trim: boolean; note: string; fail: string },
  { from: "text[]" },
  { text: "text" },
  "from"
>;

/** Joins its texts, adds a suffix; counts its own runs in `starts`. */
export const starts: string[] = [];

const join_: Stage<Context["params"], { from: "text[]" }, { text: "text" }, "from"> = {
  revision: 1,
  inputs: { from: "text[]" },
  optional: ["from"],
  outputs: { text: "text" },
  neutral: ["workers"],
  params: {
    type: "object",
    additionalProperties: false,
    properties: {
      workers: { type: "integer", default: 1 },
      suffix: { type: "string", default: "" },
      trim: { type: "boolean", default: false },
      note: { type: "string", default: "" },
      fail: { type: "string", default: "" },
    },
  },
  async run({ params, in: inputs, out, instance, summarize }: Context) {
    starts.push(instance);
    const texts = await Promise.all((inputs.from ?? []).map((path) => Deno.readTextFile(path)));
    const text = texts.join("+") + params.suffix;
    await Deno.writeTextFile(out.text, params.trim ? text.trim() : text);
    if (params.fail !== "") throw new RangeError(params.fail, { cause: new Error("deeper") });
    summarize({ length: text.length });
  },
};

/** Writes a folder of `count` files, one per step; can be stopped and resumed. */
export const steps: Stage<{ count: number }, Record<never, never>, { files: "files" }> = {
  revision: 1,
  inputs: {},
  outputs: { files: "files" },
  resumable: true,
  seeded: true,
  params: {
    type: "object",
    additionalProperties: false,
    properties: { count: { type: "integer", default: 4 } },
  },
  async run({ params, out, scratch, seed, signal, progress }) {
    const checkpoint = join(scratch, "done");
    let done = Number(await Deno.readTextFile(checkpoint).catch(() => "0"));
    starts.push(`steps from ${done}`);
    for (; done < params.count; done++) {
      await Deno.writeTextFile(checkpoint, String(done));
      signal.throwIfAborted();
      progress({ done: done + 1, total: params.count, unit: "steps" });
    }
    await Deno.mkdir(join(out.files, "sub"), { recursive: true });
    for (let i = 0; i < params.count; i++) {
      await Deno.writeTextFile(join(out.files, "sub", `${i}.txt`), `${seed + i}`);
    }
  },
};

/** The built-in stages of the tests. */
export const builtins = new Map<string, () => Promise<{ default: Stage }>>([
  ["join", () => Promise.resolve({ default: join_ as unknown as Stage })],
  ["steps", () => Promise.resolve({ default: steps as unknown as Stage })],
]);

/** A pipeline of the one stage `steps`. */
export const single = `pipeline: 1
name: single
seed: 5
stages:
  count:
    uses: steps
    publish: { files: results }
`;

/** The key of its one instance. */
export const countKey = keyOf({
  format: 1,
  uses: "jsr:@mednext/pipeline/stages/steps",
  revision: 1,
  with: { count: 4 },
  seed: 5,
  in: {},
});

/** Every file below a folder, for seeing that nothing is left behind. */
export async function filesBelow(folder: string): Promise<string[]> {
  return (await listFiles(folder).catch(() => [])).map(({ name }) => name);
}
