import { hasV8Flags } from "../has_v8_flags.ts";

/** The binaries that are built from the one source. */
export type KernelVariant = "simd" | "relaxed_simd" | "wide_simd";

/** A module whose one function is `f32x4.relaxed_madd` of three of its parameter. */
const RELAXED_SIMD_PROBE = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // magic, version
  ...[1, 6, 1, 0x60, 1, 0x7b, 1, 0x7b], // type: v128 -> v128
  ...[3, 2, 1, 0], // one function
  ...[10, 13, 1, 11, 0, 0x20, 0, 0x20, 0, 0x20, 0, 0xfd, 0x85, 0x02, 11], // its body
);

/** The best binary that this engine runs. */
export function supportedVariant(): KernelVariant {
  if (!WebAssembly.validate(RELAXED_SIMD_PROBE)) return "simd";
  return hasV8Flags() && Deno.build.arch === "x86_64" ? "wide_simd" : "relaxed_simd";
}

const BINARIES: Record<KernelVariant, () => Promise<{ KERNELS_BASE64: string }>> = {
  simd: () => import("./binary/simd.ts"),
  relaxed_simd: () => import("./binary/relaxed_simd.ts"),
  wide_simd: () => import("./binary/wide_simd.ts"),
};

/** Compiles one of the binaries; only that one is read. */
export async function loadKernels(variant: KernelVariant): Promise<WebAssembly.Module> {
  const { KERNELS_BASE64 } = await BINARIES[variant]();
  const bytes = Uint8Array.from(atob(KERNELS_BASE64), (character) => character.charCodeAt(0));
  return await WebAssembly.compile(bytes);
}
