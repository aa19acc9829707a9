import { cString } from "./text.ts";

/** Where `dlopen` is: also in a C library that has it built in. */
const LOADER = Deno.build.os === "darwin" ? "/usr/lib/libSystem.B.dylib" : "libdl.so.2";
/** Bind when needed; the number is the same on Linux and macOS. */
const RTLD_LAZY = 1;
/**
 * Bind to the library's own functions first. TensorFlow brings a LLVM, as do Vulkan drivers for the processor (Mesa's
 * lavapipe), and crashes if it gets theirs. On macOS that is how libraries bind anyway.
 */
const RTLD_DEEPBIND = Deno.build.os === "linux" ? 8 : 0;

/**
 * Loads a library into the process for good; whoever opens it later gets this one. Deno unloads what it has opened when a
 * worker ends, but TensorFlow has threads and handlers that outlive it, and crashes. A file that cannot be loaded is left
 * to who opens it.
 */
export function pinLibrary(file: string): void {
  const loader = Deno.dlopen(LOADER, {
    dlopen: { parameters: ["buffer", "i32"], result: "pointer" },
  });
  // The reference that this returns is never given back.
  loader.symbols.dlopen(cString(file), RTLD_LAZY | RTLD_DEEPBIND);
  loader.close();
}
