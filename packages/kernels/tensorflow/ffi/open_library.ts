import {
  type Candidate,
  candidates,
  isFolder,
  LIBRARY_NAMES,
  libraryAt,
  VARIABLE,
} from "./find_library.ts";
import { isRecent, OLDEST } from "./is_recent.ts";
import { pinLibrary } from "./pin_library.ts";
import { SYMBOLS, type Symbols } from "./symbols.ts";
import { readCString } from "./text.ts";

/** An opened library of TensorFlow. */
export interface Library {
  symbols: Symbols;
  /** As `2.21.0`. */
  version: string;
  /** The file. */
  path: string;
  /** Who named it, in words. */
  source: string;
}

/**
 * Opens the first TensorFlow that is found and recent enough.
 *
 * @param library A file or folder, instead of those of the lookup.
 * @throws {Error} If there is none; the message says what was tried.
 */
export async function openLibrary(library?: string): Promise<Library> {
  const places = await candidates(library);
  const tried: string[] = [];
  for (const candidate of places) {
    const opened = open(candidate);
    if (typeof opened !== "string") return opened;
    tried.push(`${candidate.path} (${candidate.source}): ${opened}`);
  }
  if (places.some(({ isExplicit }) => isExplicit)) {
    throw new Error(
      `Cannot open TensorFlow: expected ${
        LIBRARY_NAMES[0]
      } of version ${OLDEST} or later, found ${tried}`,
    );
  }
  throw new Error(
    `Cannot find TensorFlow: expected ${
      LIBRARY_NAMES[0]
    } in the option library, in ${VARIABLE}, in tfjs-node-gpu, ` +
      `with pip or by "deno task setup:tensorflow", found ${tried.join("; ") || "none of them"}`,
  );
}

/** The library of a place, or what is wrong with it. */
function open({ path, source }: Candidate): Library | string {
  const file = libraryAt(path);
  if (file === undefined) {
    return isFolder(path) ? `a folder without ${LIBRARY_NAMES.join(" or ")}` : "no such library";
  }
  quiet();
  let symbols: Symbols;
  try {
    pinLibrary(file);
    symbols = Deno.dlopen(file, SYMBOLS).symbols;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    const [reason] = (error as Error).message.split("\n");
    return `cannot be opened (${reason.replaceAll("Could not open library: ", "")})`;
  }
  const version = readCString(symbols.TF_Version());
  if (!isRecent(version)) return `version ${version}`;
  return { symbols, version, path: file, source };
}

/**
 * TensorFlow tells on stderr what it does not find; errors say it here. It reads the variable once, when it is opened.
 * Who sets it hears it all.
 */
function quiet(): void {
  const variable = "TF_CPP_MIN_LOG_LEVEL";
  if (Deno.env.get(variable) === undefined) Deno.env.set(variable, "2");
}
