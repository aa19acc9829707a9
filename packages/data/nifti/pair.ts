const SUFFIX = /\.(hdr|img)(\.gz)?$/i;

/** The header's file of a path: its own, unless it is the image of a pair. */
export async function findHeader(path: string): Promise<string> {
  if (SUFFIX.exec(path)?.[1].toLowerCase() !== "img") return path;
  const found = await partner(path, "hdr");
  if (found !== undefined) return found;
  throw new Error(
    `Cannot read '${path}' as NIfTI: expected its header in '${path.replace(SUFFIX, ".hdr")}' or ` +
      `'${path.replace(SUFFIX, ".hdr.gz")}', found neither`,
  );
}

/** The image's file of a header that has one beside it. */
export async function findImage(header: string): Promise<string | undefined> {
  return SUFFIX.test(header) ? await partner(header, "img") : undefined;
}

async function partner(path: string, kind: "hdr" | "img"): Promise<string | undefined> {
  const [, own, gzip = ""] = SUFFIX.exec(path)!;
  const suffix = own === own.toUpperCase() ? kind.toUpperCase() : kind;
  const endings = gzip ? [gzip, ""] : ["", ".gz"];
  for (const ending of endings) {
    const candidate = path.replace(SUFFIX, `.${suffix}${ending}`);
    try {
      if ((await Deno.stat(candidate)).isFile) return candidate;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return undefined;
}
