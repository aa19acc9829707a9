import { type CaseSource, type PreprocessedCase, readCase } from "@mednext/data";

/** A preprocessed case on disk. */
export interface StoredCase {
  /** The case's name. */
  id: string;
  /** The folder that `writeCase` wrote. */
  path: string;
}

/**
 * Gives cases by id, and keeps those that were read first as long as there is room for them: cases
 * are drawn evenly, so any that are kept are as good as any others.
 *
 * @param cases The cases.
 * @param maxBytes Bytes that may be kept.
 * @returns A source for `sampleBatch`; its errors name the case and the file.
 */
export function caseReader(cases: StoredCase[], maxBytes: number): CaseSource {
  const paths = new Map(cases.map(({ id, path }) => [id, path]));
  const kept = new Map<string, PreprocessedCase>();
  let bytes = 0;
  return {
    ids: cases.map(({ id }) => id),
    async load(id) {
      const known = kept.get(id);
      if (known) return known;
      const path = paths.get(id)!;
      const read = await readNamed(id, path);
      const size = bytesOf(read);
      if (!kept.has(id) && bytes + size <= maxBytes) {
        bytes += size;
        kept.set(id, read);
      }
      return read;
    },
  };
}

async function readNamed(id: string, path: string): Promise<PreprocessedCase> {
  try {
    return await readCase(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot load case ${id} from '${path}': ${reason}`, { cause });
  }
}

function bytesOf({ image, label, foreground, annotated }: PreprocessedCase): number {
  const locations = foreground.reduce((sum, { voxels }) => sum + voxels.byteLength, 0);
  return image.byteLength + (label?.byteLength ?? 0) + locations + (annotated?.byteLength ?? 0);
}
