import type { JsonSchema } from "../stage.ts";

const identifier = {
  type: "string",
  pattern: "^[a-z][a-z0-9_]*$",
  expected: "lower-case letters, digits and underscores, beginning with a letter",
};

const coordinate = {
  type: ["integer", "string"],
  pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*$",
  expected: "a whole number or a word of letters, digits, dots, dashes and underscores",
};

const reference = {
  type: "string",
  pattern: "^[a-z][a-z0-9_]*\\.[a-z][a-z0-9_]*$",
  expected:
    "a reference, `stage.port` or `sources.name` (a path may stand only under sources and publish)",
  description: "`stage.port` or `sources.name`.",
};

const axes = {
  type: "array",
  minItems: 1,
  uniqueItems: true,
  items: { $ref: "#/definitions/identifier" },
};

const named = (schema: JsonSchema, description: string) => ({
  type: "object",
  description,
  propertyNames: identifier,
  additionalProperties: schema,
});

const source = {
  type: "object",
  additionalProperties: false,
  required: ["path"],
  properties: {
    path: {
      type: "string",
      minLength: 1,
      description: "A file or folder, relative to this file.",
    },
    digest: {
      type: "string",
      pattern: "^sha256:[0-9a-f]{64}$",
      expected: "sha256: and 64 hexadecimal digits",
      description: "Pin. A mismatch is an error, never a rerun.",
    },
    description: { type: "string" },
  },
};

const input = {
  if: { type: "array" },
  then: { type: "array", minItems: 1, items: { $ref: "#/definitions/one_input" } },
  else: { $ref: "#/definitions/one_input" },
};

const oneInput = {
  if: { type: "object" },
  then: {
    type: "object",
    additionalProperties: false,
    required: ["from"],
    properties: {
      from: { $ref: "#/definitions/reference" },
      gather: {
        ...axes,
        description: "Axes of the upstream stage to collect into one list, in matrix order.",
      },
      at: {
        type: "object",
        minProperties: 1,
        propertyNames: identifier,
        additionalProperties: { type: ["integer", "string"] },
        description: "Picks one coordinate of the upstream stage.",
      },
    },
  },
  else: { $ref: "#/definitions/reference" },
};

const run = {
  type: "object",
  additionalProperties: false,
  description: "How to run. Nothing here enters the cache key.",
  properties: {
    resources: named(
      { type: "integer", minimum: 1 },
      "What an instance occupies while it runs. Stages run one after the other today.",
    ),
    retries: {
      type: "integer",
      minimum: 0,
      maximum: 10,
      default: 0,
      description: "How often to try again after an error.",
    },
    timeout: {
      type: "string",
      pattern: "^[0-9]+(s|m|h)$",
      expected: "a number with s, m or h behind it, such as 90m",
      description: "Longest time that one try may take.",
    },
    frozen: {
      type: "boolean",
      default: false,
      description:
        "Never runs again; an error if the outputs that the lock file names are missing.",
    },
  },
};

const stage = {
  type: "object",
  additionalProperties: false,
  required: ["uses"],
  properties: {
    uses: {
      type: "string",
      pattern: "^(?:[a-z][a-z0-9_]*" +
        "|jsr:@[a-z0-9-]+/[a-z0-9-]+@[^/\\s]+(?:/[^\\s]+)?" +
        "|npm:(?:@[^/@\\s]+/)?[^/@\\s]+@[^/\\s]+(?:/[^\\s]+)?" +
        "|\\.{1,2}/[^\\s]+\\.(?:ts|js|mjs)" +
        "|file:///[^\\s]+\\.(?:ts|js|mjs))$",
      expected: "the name of a built-in stage or a module: ./file.ts, " +
        "jsr:@scope/package@version/path or npm:package@version/path",
      description: "A built-in stage by name, or a module whose default export is a stage: " +
        "./relative.ts, jsr:, npm: or file:.",
    },
    description: { type: "string" },
    each: { ...axes, description: "Axes along which the stage repeats." },
    in: named(
      { $ref: "#/definitions/input" },
      "Input port -> upstream output, or a list of them. These are the only edges of the graph.",
    ),
    with: { type: "object", description: "Parameters, checked against the stage's own schema." },
    publish: named(
      { type: "string", minLength: 1 },
      "Output port -> path, relative to this file. A copy for people; never read back.",
    ),
    run,
  },
};

/** The JSON Schema (draft-07) of a pipeline file; parameters of stages are left open. */
export const coreSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  $id: "urn:mednext:pipeline:1",
  title: "Pipeline stage graph",
  description:
    "A finite, acyclic graph of typed stages. Values are data: there is no expression language.",
  type: "object",
  additionalProperties: false,
  required: ["pipeline", "name", "stages"],
  properties: {
    pipeline: { const: 1, description: "Major version of this format." },
    name: { $ref: "#/definitions/identifier", description: "Names the lock file." },
    description: { type: "string" },
    seed: {
      type: "integer",
      minimum: 0,
      maximum: 4294967295,
      default: 0,
      description: "Root seed. It enters the key of every stage that declares `seeded: true`.",
    },
    compute: {
      type: "object",
      additionalProperties: false,
      description: "What stages compute on. It enters no key: a finished result stays valid on " +
        "another machine.",
      if: { properties: { backend: { enum: ["wasm", "cpu"] } }, required: ["backend"] },
      then: {
        properties: {
          precision: {
            const: "float32",
            expected: '"float32", as wasm and cpu compute in nothing else',
          },
        },
      },
      properties: {
        backend: {
          enum: ["auto", "wasm", "tensorflow", "webgpu", "cpu"],
          default: "auto",
          description: "The TensorFlow.js backend.",
        },
        threads: {
          type: "integer",
          minimum: 0,
          maximum: 256,
          default: 0,
          description: "Number of threads; 0 means all cores.",
        },
        precision: {
          enum: ["float32", "mixed"],
          default: "float32",
          description:
            "What products are computed in; mixed takes their operands in half precision " +
            "on GPUs. Results differ by thousandths, more than backends do, and it enters no key " +
            "all the same: what a GPU has trained in a night shall count where there is none. So " +
            "what is up to date stays, whatever it was made in; the flag --force makes it again, " +
            "and a model's provenance says where it was mixed.",
        },
        ownProcess: {
          type: "boolean",
          default: true,
          description: "Run train and infer in a process of their own, which is faster on wasm.",
        },
        loaderWorkers: {
          type: "integer",
          minimum: 0,
          maximum: 64,
          default: 1,
          description: "Number of threads that make a training's batches beside it; 0 makes them " +
            "in turn with the steps. The batches are the same.",
        },
      },
    },
    matrix: named(
      { type: "array", minItems: 1, uniqueItems: true, items: coordinate },
      "Named axes. A stage repeats along the axes it lists under `each`.",
    ),
    params: {
      type: "object",
      description: "Shared values, read as `${params.<path>}`. " +
        "Only the values that a stage uses enter its key.",
    },
    sources: named(
      { $ref: "#/definitions/source" },
      "The only places where outside files enter the graph.",
    ),
    stages: {
      ...named({ $ref: "#/definitions/stage" }, "The stages, by name."),
      minProperties: 1,
    },
  },
  definitions: { identifier, reference, source, one_input: oneInput, input, stage },
} as const satisfies JsonSchema;
