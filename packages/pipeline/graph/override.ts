import { isAbsolute, resolve } from "@std/path";
import { didYouMean } from "./suggest.ts";
import { parseYaml } from "./yaml.ts";

type Node = Record<string, unknown>;

/** Maps whose keys are names that the file itself declares: `--set` never adds to them. */
const declared = new Set(["sources", "stages"]);

/**
 * Applies one `--set path=value` to a document, in place.
 *
 * The value is read as YAML. A relative path of a source or of a published output is resolved
 * against `directory`, because who types it stands there; in the file it would be relative to the
 * file.
 *
 * @param document The document.
 * @param assignment `path=value`, the path with dots, such as `stages.train.with.epochs=5`.
 * @param directory The current directory.
 * @returns The path that was set.
 * @throws {TypeError} If the assignment has no `=`, or its path leads nowhere.
 * @throws {SyntaxError} If the value is no YAML.
 */
export function override(document: unknown, assignment: string, directory: string): string {
  const fail = (reason: string) => new TypeError(`Cannot apply --set ${assignment}: ${reason}`);
  const equals = assignment.indexOf("=");
  if (equals < 1) throw fail("must be path=value, such as stages.train.with.epochs=5");
  const path = assignment.slice(0, equals).trim();
  const parts = path.split(".");
  if (parts.some((part) => part === "" || part === "__proto__")) {
    throw fail(`"${path}" must be names with dots between them`);
  }
  let value = readValue(assignment.slice(equals + 1), fail);
  if (isFilePath(parts) && typeof value === "string" && !isAbsolute(value)) {
    value = resolve(directory, value);
  }
  let node = document;
  parts.forEach((part, i) => {
    const container = asContainer(node, parts.slice(0, i), fail);
    const known = Object.hasOwn(container, part);
    if (!known && i === 1 && declared.has(parts[0])) {
      const names = Object.keys(container);
      throw fail(
        `no "${part}" under ${parts[0]} (${names.join(", ") || "nothing"})${
          didYouMean(part, names)
        }`,
      );
    }
    if (Array.isArray(container) && !known) {
      throw fail(
        `${parts.slice(0, i).join(".")} must be indexed from 0 to ${container.length - 1}`,
      );
    }
    if (i === parts.length - 1) container[part] = value;
    else node = known ? container[part] : (container[part] = {});
  });
  return path;
}

function readValue(text: string, fail: (reason: string) => TypeError): unknown {
  try {
    const { value, problems } = parseYaml(text);
    if (problems.length > 0) throw fail(problems[0].text);
    return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new SyntaxError(fail(error.message).message, { cause: error });
  }
}

function isFilePath(parts: string[]): boolean {
  return parts[0] === "sources" && parts.length === 3 && parts[2] === "path" ||
    parts[0] === "stages" && parts.length === 4 && parts[2] === "publish";
}

function asContainer(node: unknown, parts: string[], fail: (reason: string) => TypeError): Node {
  if (typeof node === "object" && node !== null) return node as Node;
  throw fail(
    `${parts.join(".") || "the document"} must be an object or a list to set a part of it`,
  );
}
