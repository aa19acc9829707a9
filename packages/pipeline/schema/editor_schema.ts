import type { JsonSchema, Stage } from "../stage.ts";
import { coreSchema } from "./core_schema.ts";

const substitution = {
  type: "string",
  pattern: "^\\$\\{(params(\\.[A-Za-z_][A-Za-z0-9_]*)+|matrix\\.[a-z][a-z0-9_]*)\\}$",
  description: "A value from params or matrix. The whole value is replaced and keeps its type.",
};

/**
 * The JSON Schema of a pipeline file for editors: the core, and for each given stage its parameters
 * and its ports wherever `uses` names it.
 *
 * @param stages What stands under `uses` -> the stage.
 * @returns A draft-07 schema.
 */
export function editorSchema(stages: ReadonlyMap<string, Stage>): JsonSchema {
  const { stage } = coreSchema.definitions;
  const rules = [...stages].map(([uses, one]) => ({
    if: { properties: { uses: { const: uses } }, required: ["uses"] },
    then: { properties: { with: openTop(one.params), in: inputs(one), publish: outputs(one) } },
  }));
  return {
    ...coreSchema,
    definitions: {
      ...coreSchema.definitions,
      substitution,
      stage: rules.length === 0 ? stage : { ...stage, allOf: rules },
    },
  };
}

function inputs({ inputs, optional = [] }: Stage): JsonSchema {
  const required = Object.keys(inputs).filter((port) => !optional.includes(port));
  const ports = Object.entries(inputs).map(([port, kind]) =>
    [port, { description: `Kind: ${kind}.` }] as const
  );
  return {
    additionalProperties: false,
    properties: Object.fromEntries(ports),
    ...(required.length === 0 ? {} : { required }),
  };
}

function outputs({ outputs }: Stage): JsonSchema {
  const ports = Object.entries(outputs).map(([port, kind]) =>
    [port, { description: `Kind: ${kind}.` }] as const
  );
  return { additionalProperties: false, properties: Object.fromEntries(ports) };
}

/** The parameters as a whole are an object; each value in it may be a substitution. */
function openTop(schema: JsonSchema): JsonSchema {
  return { ...schema, ...openChildren(schema) };
}

/** Allows a substitution in place of a value, and of every value inside of it. */
function open(schema: unknown): unknown {
  if (typeof schema !== "object" || schema === null) return schema;
  const { description, default: fallback, ...rest } = schema as JsonSchema;
  return {
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
    anyOf: [{ ...rest, ...openChildren(rest) }, { $ref: "#/definitions/substitution" }],
  };
}

function openChildren(schema: JsonSchema): JsonSchema {
  const changed: Record<string, unknown> = {};
  const { properties, items, additionalProperties } = schema;
  if (typeof properties === "object" && properties !== null) {
    const entries = Object.entries(properties).map(([key, value]) => [key, open(value)]);
    changed.properties = Object.fromEntries(entries);
  }
  if (items !== undefined) changed.items = Array.isArray(items) ? items.map(open) : open(items);
  for (const keyword of ["anyOf", "oneOf", "allOf"]) {
    const branches = schema[keyword];
    if (!Array.isArray(branches)) continue;
    changed[keyword] = branches.map((branch) => ({ ...branch, ...openChildren(branch) }));
  }
  if (additionalProperties !== undefined) changed.additionalProperties = open(additionalProperties);
  return changed;
}
