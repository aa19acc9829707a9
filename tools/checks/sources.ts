/** Walks the TypeScript files below a folder. */
export async function* sourceFiles(folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    // AssemblyScript is compiled by its own compiler, with imports of its own.
    if (entry.isDirectory && entry.name !== "testdata" && entry.name !== "assembly") {
      yield* sourceFiles(path);
    } else if (entry.isFile && entry.name.endsWith(".ts")) yield path;
  }
}

const IMPORT =
  /(?:^|[\s;}])(?:import|export)\s[^"';]*?from\s*"([^"]+)"|\bimport\s*\(?\s*"([^"]+)"/g;

/** The specifiers that a module imports, static and dynamic; comments do not count. */
export function importsOf(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  return Array.from(code.matchAll(IMPORT), (match) => match[1] ?? match[2]);
}
