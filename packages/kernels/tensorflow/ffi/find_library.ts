/** A place where TensorFlow may be. */
export interface Candidate {
  /** A library, or a folder that may hold one. */
  path: string;
  /** Who named it, in words. */
  source: string;
  /** Whether it was asked for, so that nothing else may be taken instead. */
  isExplicit: boolean;
}

/** The environment variable that names the library or its folder. */
export const VARIABLE = "MEDNEXT_LIBTENSORFLOW";

/** Where `deno task setup:tensorflow` puts TensorFlow, from the folder of the project. */
export const SETUP_FOLDER = ".mednext/tensorflow";

/** The names of the library: in the pip package, and in TensorFlow's distribution for C. */
export const LIBRARY_NAMES: readonly string[] = Deno.build.os === "darwin"
  ? ["libtensorflow_cc.2.dylib", "libtensorflow.2.dylib"]
  : ["libtensorflow_cc.so.2", "libtensorflow.so.2"];

/**
 * Every place to look at, in order: what is asked for; the native build of tfjs-node-gpu; TensorFlow as pip installs
 * it; what `setup:tensorflow` has installed.
 */
export async function candidates(library?: string): Promise<Candidate[]> {
  if (library !== undefined) {
    return [{ path: library, source: "the option library", isExplicit: true }];
  }
  const variable = Deno.env.get(VARIABLE);
  if (variable) return [{ path: variable, source: VARIABLE, isExplicit: true }];
  const found = (source: string) => (path: string): Candidate => ({
    path,
    source,
    isExplicit: false,
  });
  return [
    ...ancestors("node_modules/@tensorflow/tfjs-node-gpu/deps/lib").map(found("tfjs-node-gpu")),
    ...(await pythonPackages()).map(found("pip")),
    ...[...ancestors(SETUP_FOLDER), ...checkout()].map((folder) => `${folder}/tensorflow`)
      .filter(exists).map(found("setup:tensorflow")),
  ];
}

/** The library that a path names: itself if it is a file, or the one in that folder. */
export function libraryAt(path: string): string | undefined {
  const file = isFile(path) ? path : LIBRARY_NAMES.map((name) => `${path}/${name}`).find(isFile);
  // A bare name would be looked for in the folders of the system.
  return file === undefined || file.startsWith("/") ? file : `${Deno.cwd()}/${file}`;
}

/** The same place seen from the working directory and from each folder above it, if it is there. */
function ancestors(place: string): string[] {
  const folders = [];
  for (let folder = Deno.cwd(); folder !== ""; folder = folder.slice(0, folder.lastIndexOf("/"))) {
    folders.push(folder);
  }
  return [...folders, ""].map((folder) => `${folder}/${place}`).filter(exists);
}

/** The folder of the setup in the checkout that this file is part of. */
function checkout(): string[] {
  const url = new URL(`../../../../${SETUP_FOLDER}`, import.meta.url);
  return url.protocol === "file:" ? [decodeURIComponent(url.pathname)] : [];
}

/** Folders of the Python package `tensorflow`: that of `python3`, then those in the usual places. */
async function pythonPackages(): Promise<string[]> {
  const prefixes = [
    Deno.env.get("VIRTUAL_ENV"),
    Deno.env.get("CONDA_PREFIX"),
    Deno.env.get("HOME") && `${Deno.env.get("HOME")}/.local`,
    "/usr/local",
    "/usr",
  ];
  return [...await askPython(), ...prefixes.flatMap((prefix) => prefix ? packagesOf(prefix) : [])];
}

/** The folders `tensorflow` of a Python installation, a virtual environment or a folder of packages. */
function packagesOf(prefix: string): string[] {
  const lib = `${prefix}/lib`;
  const pythons = names(lib).filter((name) => /^python3/.test(name)).map((name) =>
    `${lib}/${name}`
  );
  const folders = [
    prefix,
    ...["site-packages", "dist-packages"].flatMap((name) => {
      return pythons.map((python) => `${python}/${name}`);
    }),
  ];
  return folders.map((folder) => `${folder}/tensorflow`).filter(exists);
}

const QUESTION = "import importlib.util as u; s = u.find_spec('tensorflow'); " +
  "print('' if s is None else s.submodule_search_locations[0])";

/** Asks `python3` where its TensorFlow is, if Deno may run it. */
async function askPython(): Promise<string[]> {
  const { state } = await Deno.permissions.query({ name: "run", command: "python3" });
  if (state !== "granted") return [];
  try {
    const command = new Deno.Command("python3", { args: ["-c", QUESTION], stderr: "null" });
    const folder = new TextDecoder().decode((await command.output()).stdout).trim();
    return folder === "" ? [] : [folder];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function names(folder: string): string[] {
  return exists(folder) ? [...Deno.readDirSync(folder)].map(({ name }) => name).sort() : [];
}

function exists(path: string): boolean {
  return stat(path) !== undefined;
}

/** Whether there is a folder at a path. */
export function isFolder(path: string): boolean {
  return stat(path)?.isDirectory ?? false;
}

function isFile(path: string): boolean {
  return stat(path)?.isFile ?? false;
}

function stat(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch {
    return undefined;
  }
}
