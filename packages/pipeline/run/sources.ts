import { join, resolve } from "@std/path";
import type { Pipeline } from "../graph/parse.ts";
import { PipelineError } from "../graph/problem.ts";
import { type Digest, digestPath, isInside } from "./digest.ts";
import { exists } from "./file_system.ts";
import type { StatCache } from "./stat_cache.ts";

/** An outside file or folder. */
export interface Source {
  readonly path: string;
  readonly digest: Digest;
}

/**
 * Finds a source and its digest, once per run.
 *
 * @param pipeline The pipeline.
 * @param cache Digests of files.
 * @returns A function from a source's name to the source. It throws a {@linkcode PipelineError} if
 * the source is missing, changed against its pin, or holds the pipeline's own results.
 */
export function createSources(pipeline: Pipeline, cache: StatCache) {
  const known = new Map<string, Promise<Source>>();
  const find = async (name: string): Promise<Source> => {
    const { path: given, digest: pin } = pipeline.spec.sources[name];
    const path = resolve(pipeline.folder, given);
    const fail = (key: "path" | "digest", text: string) =>
      new PipelineError("read", pipeline.origin, [{ path: ["sources", name, key], text }]);
    if (!await exists(path)) {
      throw fail(
        "path",
        `no such file or folder: ${path} (set it with --set sources.${name}.path=…)`,
      );
    }
    if (isInside(join(pipeline.folder, ".mednext"), path)) {
      throw fail("path", `must not hold the pipeline's own folder .mednext: ${path}`);
    }
    let digest: Digest;
    try {
      digest = await digestPath(path, cache);
    } catch (error) {
      throw fail("path", (error as Error).message);
    }
    if (pin !== undefined && pin !== digest) {
      throw fail("digest", `must be the digest of ${path}: it is ${digest}, the file says ${pin}`);
    }
    return { path, digest };
  };
  return (name: string): Promise<Source> => {
    const promise = known.get(name) ?? find(name);
    known.set(name, promise);
    return promise;
  };
}
