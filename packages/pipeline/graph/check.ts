import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import type { JsonSchema } from "../stage.ts";
import type { DocumentPath } from "./locate.ts";
import type { Problem } from "./problem.ts";
import { didYouMean } from "./suggest.ts";

const validators = new WeakMap<JsonSchema, ValidateFunction>();

/**
 * Checks a value against a JSON Schema (draft-07) and fills in the defaults, in place.
 *
 * Beside the keywords of the draft, a schema may hold `expected`: a noun phrase that completes
 * "must be …" in the message when the value does not fit.
 *
 * @param schema The schema.
 * @param value The value; defaults are written into it.
 * @param at Where the value stands in the document.
 * @returns What is wrong; an empty list when nothing is.
 */
export function checkAgainst(schema: JsonSchema, value: unknown, at: DocumentPath = []): Problem[] {
  let validate = validators.get(schema);
  if (validate === undefined) {
    const ajv = new Ajv({ allErrors: true, verbose: true, strict: false, useDefaults: true });
    validate = ajv.compile(schema);
    validators.set(schema, validate);
  }
  if (validate(value)) return [];
  return toProblems(validate.errors ?? [], at);
}

const alternatives = new Set(["anyOf", "oneOf"]);

function toProblems(errors: ErrorObject[], at: DocumentPath): Problem[] {
  let open = errors.filter(({ keyword, propertyName }) =>
    keyword !== "if" && propertyName === undefined
  );
  for (const choice of errors.filter(({ keyword }) => alternatives.has(keyword))) {
    const inside = open.filter((error) => error.schemaPath.startsWith(`${choice.schemaPath}/`));
    const meant = meantBranch(choice, inside);
    open = open.filter((error) =>
      meant.length > 0
        ? error !== choice && (!inside.includes(error) || meant.includes(error))
        : !inside.includes(error)
    );
  }
  const problems = open.map((error) =>
    describe(error, [...at, ...fromPointer(error.instancePath)])
  );
  const unique = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return [...unique.values()];
}

/** The errors of the one branch whose type fits, so that the message can go into it. */
function meantBranch(choice: ErrorObject, inside: ErrorObject[]): ErrorObject[] {
  const branches = Map.groupBy(
    inside,
    (error) => error.schemaPath.slice(choice.schemaPath.length + 1).split("/")[0],
  );
  const isWhole = ({ keyword, instancePath }: ErrorObject) =>
    instancePath === choice.instancePath && /^(type|const|enum|\$ref)$/.test(keyword);
  const fitting = [...branches.values()].filter((branch) => !branch.some(isWhole));
  return fitting.length === 1 ? fitting[0] : [];
}

function describe(error: ErrorObject, path: DocumentPath): Problem {
  const { params, parentSchema } = error;
  if (error.keyword === "additionalProperties") {
    const key: string = params.additionalProperty;
    const known = Object.keys(parentSchema?.properties ?? {}).sort();
    const list = known.length === 0 ? "none is known here" : `known keys: ${known.join(", ")}`;
    return {
      path: [...path, key],
      text: `unknown key "${key}" (${list})${didYouMean(key, known)}`,
    };
  }
  if (error.keyword === "required") {
    return { path, text: `missing key "${params.missingProperty}"` };
  }
  if (error.keyword === "propertyNames") {
    const rule = parentSchema?.propertyNames?.expected ?? "one that the schema allows";
    return {
      path: [...path, params.propertyName],
      text: `the name "${params.propertyName}" must be ${rule}`,
    };
  }
  return { path, text: `must be ${rule(error)}: current value is ${show(error.data)}` };
}

/** Completes "must be …". */
function rule({ keyword, params, parentSchema, schema, message, data }: ErrorObject): string {
  if (typeof parentSchema?.expected === "string") return parentSchema.expected;
  switch (keyword) {
    case "type":
      return [params.type].flat().map(typeName).join(" or ");
    case "const":
      return show(params.allowedValue);
    case "enum": {
      const close = typeof data === "string" ? didYouMean(data, params.allowedValues) : "";
      return `one of ${params.allowedValues.map(show).join(", ")}${close.replace("?", "")}`;
    }
    case "minimum":
      return `at least ${params.limit}`;
    case "maximum":
      return `at most ${params.limit}`;
    case "exclusiveMinimum":
      return `more than ${params.limit}`;
    case "exclusiveMaximum":
      return `less than ${params.limit}`;
    case "multipleOf":
      return `a multiple of ${params.multipleOf}`;
    case "minItems":
      return `a list of at least ${count(params.limit, "item")}`;
    case "maxItems":
      return `a list of at most ${count(params.limit, "item")}`;
    case "minProperties":
      return `an object of at least ${count(params.limit, "key")}`;
    case "minLength":
      return `text of at least ${count(params.limit, "character")}`;
    case "uniqueItems":
      return `a list without repetition (items ${params.j} and ${params.i} are equal)`;
    case "pattern":
      return `text that matches ${params.pattern}`;
    case "anyOf":
    case "oneOf":
      return (schema as JsonSchema[]).map(form).join(" or ");
    default:
      return (message ?? `valid by ${keyword}`).replace(/^must be /, "");
  }
}

/** A branch of a choice, in a few words. */
function form({ expected, const: constant, enum: values, type }: JsonSchema): string {
  if (typeof expected === "string") return expected;
  if (constant !== undefined) return show(constant);
  if (Array.isArray(values)) return values.map(show).join(" or ");
  return [type ?? "another form"].flat().map((one) => typeName(String(one))).join(" or ");
}

const typeNames: Record<string, string> = {
  object: "an object",
  array: "a list",
  string: "text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  null: "null",
};

function typeName(type: string): string {
  return typeNames[type] ?? type;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

/** A value for a message, shortened. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}

function fromPointer(pointer: string): (string | number)[] {
  return pointer.split("/").slice(1).map((part) => {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    return /^\d+$/.test(key) ? Number(key) : key;
  });
}
