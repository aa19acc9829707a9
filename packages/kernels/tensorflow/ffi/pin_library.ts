import { cString } from "./text.ts";

/** Where `dlopen` is: also in a C library that has it built in. */
const LOADER = Deno.build.os === "darwin" ? "/usr/lib/libSystem.B.dylib" : "libdl.so.2";
/** Bind when needed; the number is the same on Linux and macOS. */
const RTLD_LAZY = 1;

/**
 * Keeps a library in the process for good. Deno unloads it when a worker ends, but TensorFlow has threads and handlers
 * that outlive it, and crashes.
 */
export function pinLibrary(file: string): void {
  const loader = Deno.dlopen(LOADER, {
    dlopen: { parameters: ["buffer", "i32"], result: "pointer" },
  });
  // The reference that this returns is never given back.
  loader.symbols.dlopen(cString(file), RTLD_LAZY);
  loader.close();
}
