import { createHash } from "node:crypto";
import type { StandardPackage } from "./package.ts";

/** Raised whenever the content that this script lays down changes, so that old folders are refilled. */
const REVISION = "2";

const MARKER = "mednext_setup.txt";

/** Whether `vendor/` already holds what this revision of the script lays down. */
export async function isFilled(vendor: URL): Promise<boolean> {
  try {
    return await Deno.readTextFile(new URL(MARKER, vendor)) === REVISION;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Lays packages out in `vendor/` the way Deno stores what it fetched from JSR. */
export async function writeVendor(
  vendor: URL,
  host: string,
  packages: StandardPackage[],
): Promise<void> {
  for (const { name, version, files, exports } of packages) {
    const folder = new URL(`${host}/${name}/`, vendor);
    await Deno.remove(folder, { recursive: true }).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
    const manifest: Record<string, { size: number; checksum: string }> = {};
    for (const [path, text] of files) {
      const bytes = new TextEncoder().encode(text);
      const checksum = `sha256-${createHash("sha256").update(bytes).digest("hex")}`;
      manifest[`/${path}`] = { size: bytes.length, checksum };
      await write(new URL(`${version}/${path}`, folder), text);
    }
    const [scope, short] = name.slice(1).split("/");
    const meta = { scope, name: short, latest: version, versions: { [version]: {} } };
    await write(new URL(`${version}_meta.json`, folder), JSON.stringify({ manifest, exports }));
    await write(new URL("meta.json", folder), JSON.stringify(meta));
  }
  await write(new URL(MARKER, vendor), REVISION);
}

async function write(file: URL, text: string): Promise<void> {
  await Deno.mkdir(new URL(".", file), { recursive: true });
  await Deno.writeTextFile(file, text);
}
