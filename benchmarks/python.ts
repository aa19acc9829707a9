import { lastLine, runProcess } from "./process.ts";

/** The version that is compared with. */
export const TORCH_VERSION = "2.13.0";

/** The version of PyTorch that a Python has; nothing if it has none. */
async function torchVersion(python: string): Promise<string | undefined> {
  const found = await runProcess(python, ["-c", "import torch; print(torch.__version__)"]);
  return found?.success ? lastLine(found.stdout) : undefined;
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function step(what: string, program: string, args: readonly string[]): Promise<void> {
  const done = await runProcess(program, args);
  if (done === undefined) {
    throw new Error(
      `Cannot ${what}: expected ${program} on the PATH, found none; install Python 3.10 or later, or name an ` +
        `environment that has PyTorch ${TORCH_VERSION} with --venv`,
    );
  }
  if (!done.success) {
    const message = lastLine(done.stderr) || lastLine(done.stdout) || "no message";
    throw new Error(`Cannot ${what}: ${program} ${args.join(" ")} failed: ${message}`);
  }
}

/**
 * A Python with PyTorch from a virtual environment, which is made if it is not there.
 *
 * @param folder Of the environment.
 * @returns The path of its Python.
 * @throws {Error} If there is no Python or no pip, or the environment has another version of PyTorch.
 */
export async function preparePython(folder: string): Promise<string> {
  const python = `${folder}/bin/python`;
  if (!await exists(python)) {
    console.error(`making a virtual environment in ${folder}`);
    await step("make a virtual environment", "python3", ["-m", "venv", folder]);
  }
  let version = await torchVersion(python);
  if (version === undefined) {
    console.error(`installing PyTorch ${TORCH_VERSION} into ${folder}`);
    await step("find pip", python, ["-m", "pip", "--version"]);
    const install = ["-m", "pip", "install", "--quiet", `torch==${TORCH_VERSION}`];
    await step("install PyTorch", python, install);
    version = await torchVersion(python);
  }
  // A build may be part of the version: 2.13.0+cpu.
  if (version?.split("+")[0] !== TORCH_VERSION) {
    throw new Error(
      `Cannot use the virtual environment ${folder}: expected PyTorch ${TORCH_VERSION}, found ${
        version ?? "one that does not load"
      }`,
    );
  }
  return python;
}
