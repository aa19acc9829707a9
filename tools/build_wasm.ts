/**
 * Builds the WebAssembly kernels of `packages/kernels/assembly` (AssemblyScript).
 *
 *     deno run -A tools/build_wasm.ts           # writes packages/kernels/wasm/binary/*.ts
 *     deno run -A tools/build_wasm.ts --check   # exits 1 unless they are what the sources give
 *
 * One source gives three binaries: `simd` runs everywhere, `relaxed_simd` multiplies and adds in one
 * rounding where the engine can, and `wide_simd` is the same in another shape, two vectors side by side, for
 * engines that make one of them (see `packages/kernels/v8_flags.ts`). The compiler is pinned in the root `deno.json`, so the same sources give
 * the same bytes on every machine.
 *
 * Each binary is committed as a TypeScript module with the bytes in base64, because that is what works
 * everywhere today with no flag and no permission: `deno run`, `deno test`, `deno publish`, a package read
 * from JSR over https, a browser. `import … with { type: "bytes" }` still needs
 * `--unstable-raw-imports`, `import source` is no TypeScript yet, `import … from "./x.wasm"` can be given
 * no memory of ours, and reading a file needs a permission and does not work over https.
 * @module
 */
import asc from "assemblyscript/asc";

const SOURCES = new URL("../packages/kernels/assembly/", import.meta.url);
const BINARIES = new URL("../packages/kernels/wasm/binary/", import.meta.url);
/** What each binary is built with; `WIDE` says whether kernels work on two vectors side by side. */
const VARIANTS: Record<string, { features: string[]; wide: boolean }> = {
  simd: { features: ["simd", "threads"], wide: false },
  relaxed_simd: { features: ["simd", "threads", "relaxed-simd"], wide: false },
  wide_simd: { features: ["simd", "threads", "relaxed-simd"], wide: true },
};
/** Pages of 64 KiB: one page below 4 GiB, so that no address of the memory's end overflows 32 bits. */
const MAXIMUM_PAGES = 65535;

async function compile(
  { features, wide }: typeof VARIANTS[string],
): Promise<Uint8Array<ArrayBuffer>> {
  let binary: Uint8Array<ArrayBuffer> | undefined;
  const messages: string[] = [];
  const write = (chunk: string | Uint8Array) => {
    messages.push(typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk));
    return true;
  };
  const { error } = await asc.main([
    "index.ts",
    "--outFile=kernels.wasm",
    "--runtime=stub",
    "--importMemory",
    "--sharedMemory",
    "--initialMemory=1",
    `--maximumMemory=${MAXIMUM_PAGES}`,
    "-O3",
    "--converge",
    "--noAssert",
    `--use=WIDE=${Number(wide)}`,
    ...features.map((feature) => `--enable=${feature}`),
  ], {
    stdout: { write },
    stderr: { write },
    readFile: (name) => readSource(name),
    writeFile: (name, contents) => {
      if (name.endsWith(".wasm")) binary = Uint8Array.from(contents as Uint8Array);
    },
    listFiles: () => [],
  });
  if (error !== null || binary === undefined) {
    throw new Error(`Cannot compile ${SOURCES}index.ts: ${messages.join("")}`, { cause: error });
  }
  return binary;
}

function readSource(name: string): string | null {
  try {
    return Deno.readTextFileSync(new URL(name, SOURCES));
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return null;
    throw cause;
  }
}

function moduleText(variant: string, binary: Uint8Array<ArrayBuffer>): string {
  return `// Written by tools/build_wasm.ts from packages/kernels/assembly: do not edit.
// deno-fmt-ignore-file
/** The WebAssembly kernels, variant \`${variant}\`, ${binary.length} bytes in base64. */
export const KERNELS_BASE64: string =
  "${binary.toBase64()}";
`;
}

async function main(check: boolean): Promise<void> {
  await Deno.mkdir(BINARIES, { recursive: true });
  for (const [variant, settings] of Object.entries(VARIANTS)) {
    const binary = await compile(settings);
    const file = new URL(`${variant}.ts`, BINARIES);
    const text = moduleText(variant, binary);
    if (!check) {
      await Deno.writeTextFile(file, text);
    } else if (await Deno.readTextFile(file).catch(() => "") !== text) {
      console.error(`${file.pathname} is not what the sources give: run tools/build_wasm.ts`);
      Deno.exit(1);
    }
    console.log(`${check ? "checked" : "wrote"} ${variant}: ${binary.length} bytes`);
  }
}

if (import.meta.main) await main(Deno.args.includes("--check"));
