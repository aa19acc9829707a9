import { assertEquals, assertThrows } from "@std/assert";
import { parseArgs } from "@std/cli/parse-args";
import { unpackCarrier } from "./carrier.ts";
import { exportsOf, restoreModule } from "./restore.ts";
import { untar } from "./untar.ts";
import { isFilled, writeVendor } from "./vendor.ts";

function tar(files: Record<string, string>): Uint8Array {
  const encoder = new TextEncoder();
  const blocks = Object.entries(files).flatMap(([path, text]) => {
    const header = new Uint8Array(512);
    const body = encoder.encode(text);
    header.set(encoder.encode(path));
    header.set(encoder.encode(body.length.toString(8).padStart(11, "0")), 124);
    header.set(encoder.encode("0"), 156);
    const padded = new Uint8Array(Math.ceil(body.length / 512) * 512);
    padded.set(body);
    return [header, padded];
  });
  return new Uint8Array([...blocks.flatMap((block) => [...block]), ...new Uint8Array(1024)]);
}

Deno.test("untar() lists the files of an archive", () => {
  const long = "x".repeat(600);
  const found = [...untar(tar({ "package/a.js": "1", "package/b/c.js": long }))]
    .map(({ path, bytes }) => [path, new TextDecoder().decode(bytes)]);
  assertEquals(found, [["package/a.js", "1"], ["package/b/c.js", long]]);
});

Deno.test("restoreModule() gives relative standard imports back to JSR", () => {
  const built = `import * as dntShim from "../_dnt.shims.js";
import { f } from "../../internal/1.0.14/build_message.js";
import { g } from "./equal.js";
export const x = dntShim.Deno;
`;
  assertEquals(
    restoreModule("equals.js", built),
    `/* @ts-self-types="./equals.d.ts" */
import { f } from "jsr:@std/internal@^1.0.14/build-message";
import { g } from "./equal.js";
export const x = Deno;
`,
  );
});

Deno.test("exportsOf() names every public module", () => {
  assertEquals(exportsOf(["mod.js", "mod.d.ts", "parse_args.js", "_private.js", "posix/mod.js"]), {
    ".": "./mod.js",
    "./parse-args": "./parse_args.js",
    "./posix": "./posix/mod.js",
  });
});

Deno.test("unpackCarrier() refuses an archive that lacks a package", () => {
  const archive = tar({ "package/esm/deps/host/@std/assert/1.0.0/mod.js": "export {};" });
  const error = assertThrows(() => unpackCarrier(archive), Error);
  assertEquals(
    error.message,
    "Cannot use veryfront@0.1.1031: expected all that is needed of the standard library, " +
      "found no @std/fmt, @std/internal, @std/path, @std/yaml",
  );
});

Deno.test("unpackCarrier() refuses a path that leaves its package", () => {
  const archive = tar({ "package/esm/deps/host/@std/assert/1.0.0/../../evil.js": "" });
  const error = assertThrows(() => unpackCarrier(archive), Error);
  assertEquals(
    error.message,
    "Cannot use veryfront@0.1.1031: expected paths inside of their packages, " +
      "found package/esm/deps/host/@std/assert/1.0.0/../../evil.js",
  );
});

Deno.test("writeVendor() lays a package out once", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const vendor = new URL(`file://${folder}/vendor/`);
    assertEquals(await isFilled(vendor), false);
    const files = new Map([["mod.ts", "export const a = 1;"]]);
    const exports = { ".": "./mod.ts" };
    await writeVendor(vendor, "host", [
      { name: "@std/a", version: "1.2.3", origin: "here", files, exports },
    ]);
    assertEquals(await isFilled(vendor), true);
    const meta = JSON.parse(
      await Deno.readTextFile(new URL("host/@std/a/1.2.3_meta.json", vendor)),
    );
    assertEquals(meta.exports, exports);
    assertEquals(meta.manifest["/mod.ts"].size, 19);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

// What the command line relies on: it holds for Deno's own parser and for the stand-in alike.
const CASES: [string[], Record<string, unknown>][] = [
  [[], {}],
  [["pipeline.yaml"], { _: ["pipeline.yaml"] }],
  [["42"], { _: ["42"] }],
  [["--jobs=4", "a"], { jobs: "4", _: ["a"] }],
  [["--jobs", "4", "a"], { jobs: "4", _: ["a"] }],
  [["-j", "4", "a"], { jobs: "4", _: ["a"] }],
  [["-h"], { help: true }],
  [["--help", "a"], { help: true, _: ["a"] }],
  [["--no-color"], { color: false }],
  [["--set", "a=1", "--set=b=2"], { set: ["a=1", "b=2"] }],
  [["--", "--help"], { _: ["--help"] }],
];

for (const [args, expected] of CASES) {
  Deno.test(`parseArgs() reads ${JSON.stringify(args)}`, () => {
    const found = parseArgs(args, {
      boolean: ["help", "color"],
      string: ["jobs", "set", "_"],
      collect: ["set"],
      negatable: ["color"],
      alias: { help: "h", jobs: "j" },
      default: { color: true },
    });
    const { _, help, color, jobs, set } = found;
    assertEquals(
      { _, help, color, jobs, set },
      { _: [], help: false, color: true, jobs: undefined, set: [], ...expected } as never,
    );
  });
}

Deno.test("parseArgs() reports unknown flags", () => {
  const unknown: string[] = [];
  parseArgs(["--what", "run"], {
    boolean: ["help"],
    unknown: (argument) => {
      if (argument.startsWith("-")) unknown.push(argument);
    },
  });
  assertEquals(unknown, ["--what"]);
});
