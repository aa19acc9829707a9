import { fromFileUrl } from "@std/path";
import { type Digest, digestText } from "./digest.ts";

/** A relative path in quotes. Anything that names an existing file counts as used by the module. */
const relativePath = /["'`](\.{1,2}\/[^"'`\n$]+)["'`]/g;
const isModule = /\.(ts|mts|tsx|js|mjs|jsx)$/;
const maximumFiles = 1000;

/**
 * The digest of a local module and of everything local that it names: every relative path in quotes
 * that leads to a file, followed through modules. Packages do not count; their versions are in the
 * import map.
 *
 * @param url The module.
 * @param name The module's name for messages.
 * @returns The digest, the same wherever the files lie.
 * @throws {TypeError} If the module is not there.
 */
export async function digestModule(url: URL, name: string): Promise<Digest> {
  const found = new Map<string, string>();
  const visit = async (file: URL, relative: string): Promise<boolean> => {
    if (found.has(file.href)) return true;
    const bytes = await readFile(file);
    if (bytes === undefined) return false;
    if (found.size >= maximumFiles) {
      throw new TypeError(`the module ${name} must name at most ${maximumFiles} local files`);
    }
    const text = new TextDecoder("latin1").decode(bytes);
    found.set(file.href, `${relative} ${digestText(text)}`);
    if (!isModule.test(file.pathname)) return true;
    const paths = new Set([...text.matchAll(relativePath)].map((match) => match[1]));
    for (const path of paths) await visit(new URL(path, file), path);
    return true;
  };
  if (!await visit(url, "")) {
    throw new TypeError(`the module ${name} is not there: no file ${fromFileUrl(url)}`);
  }
  return digestText([...found.values()].join("\n"));
}

async function readFile(file: URL): Promise<Uint8Array | undefined> {
  try {
    const { isFile } = await Deno.stat(file);
    return isFile ? await Deno.readFile(file) : undefined;
  } catch {
    return undefined;
  }
}
