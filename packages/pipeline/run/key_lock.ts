import { dirname } from "@std/path";
import { disk, writing } from "./file_system.ts";

/** Options of {@linkcode lockFile}. */
export interface LockFileOptions {
  /**
   * Ends the waiting.
   * @default {undefined}
   */
  signal?: AbortSignal;
  /**
   * Several may hold the lock at the same time if all of them share it.
   * @default {false}
   */
  shared?: boolean;
  /**
   * Called once if somebody else holds the lock, with the number of their process if it is known.
   * @default {undefined}
   */
  onWait?: (holder: string | undefined) => void;
}

/**
 * Waits for a lock between processes and takes it. The operating system lets go of it when its
 * holder ends, however that happens, so a lock is never left behind by a crash.
 *
 * @param path The lock's file; it is made and stays.
 * @param options How to wait.
 * @returns The lock; disposing it lets go.
 */
export async function lockFile(path: string, options: LockFileOptions = {}): Promise<Disposable> {
  const { signal, shared = false, onWait } = options;
  const file = await writing(path, async () => {
    await disk.mkdir(dirname(path));
    return await Deno.open(path, { read: true, write: true, create: true });
  });
  try {
    for (let round = 0; !await file.tryLock(!shared); round++) {
      if (round === 0) onWait?.(await readHolder(path));
      signal?.throwIfAborted();
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    if (!shared) {
      await file.truncate();
      await file.write(new TextEncoder().encode(String(Deno.pid)));
    }
  } catch (error) {
    file.close();
    throw error;
  }
  return { [Symbol.dispose]: () => file.close() };
}

async function readHolder(path: string): Promise<string | undefined> {
  const text = await Deno.readTextFile(path).catch(() => "");
  return /^\d+$/.test(text) ? text : undefined;
}
