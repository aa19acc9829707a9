import { fromFileUrl, join } from "@std/path";
import { exists } from "../run/file_system.ts";
import { createProject, type Project } from "./project.ts";

const root = fromFileUrl(new URL("../../../", import.meta.url));
const at = (path: string) => new URL(path, import.meta.url).href;

/** A user's project: the import map makes its pipeline.yaml the main module. */
export async function createUserProject(files: Record<string, string>): Promise<Project> {
  const { imports } = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
  const packages = Object.entries(imports).filter(([name]) => !name.startsWith("./"));
  const own = {
    "@mednext/kernels/v8-flags": at("../../kernels/v8_flags.ts"),
    "./pipeline.yaml": at("../main.ts"),
  };
  const settings = {
    imports: { ...Object.fromEntries(packages), ...own },
    vendor: true,
    lock: false,
    nodeModulesDir: "none",
  };
  const project = await createProject({ "deno.json": JSON.stringify(settings), ...files });
  if (await exists(join(root, "vendor"))) {
    await Deno.symlink(join(root, "vendor"), join(project.folder, "vendor"));
  }
  return project;
}

/** Runs Deno in the project's folder. */
export function deno(project: Project, args: string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", ...args],
    cwd: project.folder,
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Takes out what Deno itself has to say about packages. */
export function withoutDeno(error: string): string {
  return error.replace(/╭ Warning\n[\s\S]*?╰─\n/g, "").replace(/^(Download|Initialize) .*\n/gm, "");
}

/** Waits for its end; times are replaced. */
export async function outputOf(child: Deno.ChildProcess) {
  const { code, stdout, stderr } = await child.output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const out = decode(stdout).replaceAll(/\d+\.\d s/g, "0.0 s");
  return { code, out, error: withoutDeno(decode(stderr)) };
}
