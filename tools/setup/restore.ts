/**
 * Undoes what dnt did to a module of the standard library: its shim import goes, and relative imports of
 * other standard packages become `jsr:` imports again. Compared with the original sources, comments and
 * whitespace aside, nothing else differs.
 */
export function restoreModule(path: string, text: string): string {
  const restored = text
    .replace(/^import (\* as dntShim from )?"[^"]*_dnt\.[^"]*";\n/gm, "")
    .replaceAll("dntShim.dntGlobalThis", "globalThis")
    .replaceAll("dntShim.", "")
    .replace(/^\/\/# sourceMappingURL=.*$/gm, "")
    .replace(
      /"(?:\.\.\/)+([a-z0-9-]+)\/(\d[^/"]*)\/([a-z0-9_/]+)\.js"/g,
      (_, name, version, file) =>
        `"jsr:@std/${name}@^${version}${file === "mod" ? "" : `/${kebabCase(file)}`}"`,
    );
  if (!path.endsWith(".js")) return restored;
  const types = path.split("/").at(-1)!.replace(/\.js$/, ".d.ts");
  return `/* @ts-self-types="./${types}" */\n${restored}`;
}

/** The entry points of a package: every module without an underscore, `parse_args.js` as `./parse-args`. */
export function exportsOf(files: string[]): Record<string, string> {
  const entries = files
    .filter((file) => file.endsWith(".js") && !file.split("/").some((part) => part.startsWith("_")))
    .sort()
    .map((file) => {
      const name = kebabCase(file.slice(0, -3)).replace(/\/mod$/, "");
      return [name === "mod" ? "." : `./${name}`, `./${file}`];
    });
  return Object.fromEntries(entries);
}

function kebabCase(name: string): string {
  return name.replaceAll("_", "-");
}
