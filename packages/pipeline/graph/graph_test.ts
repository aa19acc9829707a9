import { assertEquals, assertThrows } from "@std/assert";
import { bind } from "./bind.ts";
import { expand } from "./expand.ts";
import { locate } from "./locate.ts";
import { order } from "./order.ts";
import { override } from "./override.ts";
import { parsePipeline } from "./parse.ts";
import { suggest } from "./suggest.ts";
import { parseYaml } from "./yaml.ts";

const folder = new URL("../testdata/valid/", import.meta.url);

function load(name: string) {
  const pipeline = parsePipeline(Deno.readTextFileSync(new URL(name, folder)), name);
  return { pipeline, instances: order(pipeline, bind(pipeline, expand(pipeline))) };
}

Deno.test("parsePipeline() accepts the smallest file and fills in the rest", () => {
  const { pipeline, instances } = load("minimal.yaml");
  assertEquals(pipeline.spec.compute, {
    ...{ backend: "auto", threads: 0, precision: "float32", loaderWorkers: 1 },
  });
  assertEquals(pipeline.spec.seed, 0);
  assertEquals(instances.map(({ id }) => id), ["hello"]);
});

Deno.test("bind() binds shared axes to the same coordinate and gathers the others in order", () => {
  const { pipeline, instances } = load("cross_validation.yaml");
  assertEquals(pipeline.spec.compute, {
    backend: "wasm",
    threads: 2,
    precision: "float32",
    ownProcess: true,
    loaderWorkers: 1,
  });
  assertEquals(instances.length, 17);
  const third = instances.find(({ id }) => id === "train_k5@fold=2")!;
  assertEquals(third.with, { fold: 2, initialize: "upkern", patchSize: [[48, 64, 48], 1] });
  assertEquals(third.inputs.init, {
    from: [{ instance: "train_k3@fold=2", port: "model" }],
  });
  assertEquals(third.inputs.volumes.from, [{ instance: "preprocess", port: "volumes" }]);
  assertEquals(
    instances.at(-1)!.inputs.masks.from.map((origin) => "instance" in origin && origin.instance),
    ["infer@fold=0", "infer@fold=1", "infer@fold=2", "infer@fold=3", "infer@fold=4"],
  );
});

Deno.test("bind() picks a coordinate with at, and gathers what is left", () => {
  const { instances } = load("plugins.yaml");
  assertEquals(instances.map(({ id }) => id), [
    "train@fold=0,size=S",
    "train@fold=0,size=B",
    "train@fold=1,size=S",
    "train@fold=1,size=B",
    "compare",
  ]);
  assertEquals(instances[4].inputs.baseline, {
    from: [
      { instance: "train@fold=0,size=S", port: "model" },
      { instance: "train@fold=1,size=S", port: "model" },
    ],
  });
});

Deno.test("bind() binds a list in its order, the gathered ones in theirs", () => {
  const text = `pipeline: 1
name: x
matrix: { fold: [0, 1] }
sources: { outside: { path: y } }
stages:
  a: { uses: ./a.ts, each: [fold] }
  b: { uses: ./b.ts }
  c: { uses: ./c.ts, in: { x: [b.x, { from: a.x, gather: [fold] }, sources.outside] } }
`;
  const pipeline = parsePipeline(text, "x.yaml");
  const instances = order(pipeline, bind(pipeline, expand(pipeline)));
  assertEquals(instances.map(({ id }) => id), ["a@fold=0", "a@fold=1", "b", "c"]);
  assertEquals(instances[3].inputs.x.from, [
    { instance: "b", port: "x" },
    { instance: "a@fold=0", port: "x" },
    { instance: "a@fold=1", port: "x" },
    { source: "outside" },
  ]);
});

Deno.test("order() puts a stage behind what it reads when the file has it before", () => {
  const text = `pipeline: 1
name: x
stages:
  b: { uses: ./b.ts, in: { x: a.x } }
  c: { uses: ./c.ts }
  a: { uses: ./a.ts }
`;
  const pipeline = parsePipeline(text, "x.yaml");
  const ordered = order(pipeline, bind(pipeline, expand(pipeline)));
  assertEquals(ordered.map(({ id }) => id), ["a", "b", "c"]);
});

Deno.test("locate() finds keys in block and flow style", () => {
  const text = `# deps: no
name: x # stages: no
stages:
  a:
    with:
      steps: 1
      deep: { steps: 2, more: [{ last: 3 }] }
    in: { steps: a.b }
  b:
    steps: 4
  "c": { with: { steps: 5 } }
  d: {
    with: { steps: 6 }
  }
`;
  const line = (...path: (string | number)[]) => locate(text, path);
  assertEquals(line("name"), 2);
  assertEquals(line("stages"), 3);
  assertEquals(line("stages", "a", "with", "steps"), 6);
  assertEquals(line("stages", "a", "with", "deep", "steps"), 7);
  assertEquals(line("stages", "a", "with", "deep", "more", 0, "last"), 7);
  assertEquals(line("stages", "a", "in", "steps"), 8);
  assertEquals(line("stages", "b", "steps"), 10);
  assertEquals(line("stages", "c", "with", "steps"), 11);
  assertEquals(line("stages", "d", "with", "steps"), 13);
  assertEquals(line("stages", "b", "absent"), 9); // the nearest ancestor
  assertEquals(line("deps"), undefined);
});

Deno.test("suggest() finds slips and nothing far-fetched", () => {
  assertEquals(suggest("trian", ["infer", "train"]), "train");
  assertEquals(suggest("epoch", ["epochs", "steps"]), "epochs");
  assertEquals(suggest("deps", ["uses", "in", "with"]), undefined);
});

Deno.test("override() sets values as YAML and paths relative to the current directory", () => {
  const document = {
    sources: { raw: { path: "data" } },
    stages: { train: { uses: "train" } as Record<string, unknown> },
  };
  override(document, "stages.train.with.epochs=5", "/work");
  override(document, "stages.train.with.patch=[1, 2]", "/work");
  override(document, "stages.train.with.patch.1=3", "/work");
  override(document, "stages.train.with.name=a=b", "/work");
  override(document, "sources.raw.path=../other", "/work/here");
  assertEquals(document, {
    sources: { raw: { path: "/work/other" } },
    stages: { train: { uses: "train", with: { epochs: 5, patch: [1, 3], name: "a=b" } } },
  });
});

for (
  const [assignment, reason] of [
    ["epochs", "must be path=value, such as stages.train.with.epochs=5"],
    ["stages.trian.with.epochs=5", `no "trian" under stages (train), did you mean "train"?`],
    ["sources.raw.path=x", `no "raw" under sources (nothing)`],
    [
      "stages.train.uses.deep=1",
      "stages.train.uses must be an object or a list to set a part of it",
    ],
    ["stages..x=1", `"stages..x" must be names with dots between them`],
    ["__proto__.x=1", `"__proto__.x" must be names with dots between them`],
    [
      "seed=1_0",
      "the number 1_0 is written with underscores, which YAML readers read differently: " +
      "write it without, or put it in quotes to make it text",
    ],
  ]
) {
  Deno.test(`override() refuses ${assignment}`, () => {
    const document = { sources: {}, stages: { train: { uses: "train" } } };
    const error = assertThrows(() => override(document, assignment, "/"), Error);
    assertEquals(error.message, `Cannot apply --set ${assignment}: ${reason}`);
  });
}

Deno.test("parsePipeline() says that a wrong value was given by --set", () => {
  const text = `pipeline: 1\nname: x\nstages:\n  a: { uses: ./a.ts }\n`;
  const error = assertThrows(
    () => parsePipeline(text, "x.yaml", { set: ["stages.a.run.retries=many"] }),
    Error,
  );
  assertEquals(
    error.message,
    `Cannot read x.yaml at stages.a.run.retries (given by --set): must be a whole number: ` +
      `current value is "many"`,
  );
});

Deno.test("parseYaml() refuses documents that aliases blow up", () => {
  const levels = Array.from(
    { length: 12 },
    (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(", ")}]`,
  );
  const error = assertThrows(() => parseYaml(`a0: &a0 x\n${levels.join("\n")}`), SyntaxError);
  assertEquals(error.message, "must be a document of at most 100000 values, aliases followed");
});
