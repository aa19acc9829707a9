/** One file of an archive. */
export interface TarEntry {
  /** Path as the archive names it. */
  path: string;
  /** Content, a view of the archive. */
  bytes: Uint8Array;
}

const BLOCK = 512;

/** Lists the plain files of a tar archive as npm writes it (ustar, with pax headers for long paths). */
export function* untar(archive: Uint8Array): Generator<TarEntry> {
  const decoder = new TextDecoder();
  const field = (start: number, length: number) =>
    decoder.decode(archive.subarray(start, start + length)).replace(/\0.*$/s, "");
  let longPath: string | undefined;
  for (let at = 0; at + BLOCK <= archive.length && archive[at] !== 0;) {
    const size = parseInt(field(at + 124, 12).trim() || "0", 8);
    const type = field(at + 156, 1);
    const bytes = archive.subarray(at + BLOCK, at + BLOCK + size);
    const prefix = field(at + 345, 155);
    const path = longPath ?? (prefix ? `${prefix}/` : "") + field(at, 100);
    longPath = undefined;
    if (type === "x") longPath = /\d+ path=([^\n]+)\n/.exec(decoder.decode(bytes))?.[1];
    else if (type === "0" || type === "") yield { path, bytes };
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}
