import { assertEquals, assertThrows } from "@std/assert";
import type { StateDict } from "./parameter.ts";
import { readSafetensors } from "./read_safetensors.ts";
import { readSafetensorsMetadata } from "./read_safetensors_metadata.ts";
import { writeSafetensors } from "./write_safetensors.ts";

/** A file from its header, as text or JSON, and its bytes. */
function file(header: unknown, data: ArrayLike<number> = []): Uint8Array {
  const text = typeof header === "string" ? header : JSON.stringify(header);
  const json = new TextEncoder().encode(text);
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
}

const refusal = (bytes: Uint8Array) =>
  assertThrows(() => readSafetensors(bytes), SyntaxError).message;

const DICT: StateDict = new Map([
  ["stem.weight", { shape: [2, 1, 1, 1, 1], data: new Float32Array([0.5, -3]) }],
  ["scalar", { shape: [], data: new Float32Array([7]) }],
  ["empty", { shape: [0, 3], data: new Float32Array(0) }],
]);

Deno.test("readSafetensors() gives back what writeSafetensors() wrote", () => {
  const bytes = writeSafetensors(DICT, { made: "here" });
  assertEquals([...readSafetensors(bytes)].toSorted(), [...DICT].toSorted());
  assertEquals(readSafetensorsMetadata(bytes), { made: "here" });
  assertEquals(writeSafetensors(DICT, { made: "here" }), bytes);
});

Deno.test("readSafetensors() honours the offset of a view and does not share its memory", () => {
  const bytes = writeSafetensors(DICT);
  const buffer = new Uint8Array(bytes.length + 3);
  buffer.set(bytes, 3);
  const read = readSafetensors(buffer.subarray(3));
  assertEquals(read.get("stem.weight")?.data, new Float32Array([0.5, -3]));
  buffer.fill(0);
  assertEquals(read.get("stem.weight")?.data, new Float32Array([0.5, -3]));
});

Deno.test("writeSafetensors() puts the values at a multiple of eight bytes", () => {
  const bytes = writeSafetensors(DICT);
  assertEquals(Number(new DataView(bytes.buffer).getBigUint64(0, true)) % 8, 0);
});

Deno.test("readSafetensors() reads a file of Python's safetensors with four number formats", async () => {
  const url = new URL("./testdata/formats.safetensors", import.meta.url);
  const read = readSafetensors(await Deno.readFile(url));
  const values = [0, -1.5, 0.333251953125, 65504, 2 ** -24, -Infinity];
  assertEquals(read.get("f16")?.data, new Float32Array(values));
  assertEquals(read.get("f32")?.data, new Float32Array([1e-3, 3e38, -0]));
  assertEquals(read.get("f64")?.data, new Float32Array([1e-3, Math.PI]));
  assertEquals(read.get("bf16")?.data, new Float32Array([1, -3.140625, 2 ** -100, NaN]));
  assertEquals(read.get("bf16")?.shape, [2, 2]);
  assertEquals(read.get("nothing")?.shape, [0, 5]);
});

Deno.test("readSafetensors() names every array of a format that is not float", () => {
  const header = {
    a: { dtype: "I64", shape: [1], data_offsets: [0, 8] },
    b: { dtype: "F32", shape: [1], data_offsets: [8, 12] },
    c: { dtype: "BOOL", shape: [1], data_offsets: [12, 13] },
  };
  assertEquals(
    assertThrows(() => readSafetensors(file(header, Array(13).fill(0))), TypeError).message,
    "Cannot read safetensors as float32: expected F32, F16, BF16, F64, found a: I64, c: BOOL",
  );
});

Deno.test("readSafetensors() refuses a file that is too short for its header", () => {
  assertEquals(
    refusal(new Uint8Array(5)),
    "Cannot read safetensors: expected at least 8 bytes, found 5",
  );
  const bytes = file({});
  new DataView(bytes.buffer).setBigUint64(0, 2n ** 63n, true);
  assertEquals(
    refusal(bytes),
    "Cannot read safetensors: expected a header of at most 2 bytes, found a length of 9223372036854775808",
  );
});

Deno.test("readSafetensors() refuses a header that is not the format's JSON", () => {
  const entry = { dtype: "F32", shape: [1], data_offsets: [0, 4] };
  const cases: [unknown, string][] = [
    ["{", "the header is not JSON"],
    ["[]", "the header is not a JSON object"],
    [{ a: 1 }, "a: the header's entry is not an object"],
    [{ a: { ...entry, dtype: 5 } }, "a: dtype is not a string"],
    [
      { a: { ...entry, shape: [1.5] } },
      "a: shape is not a list of non-negative integers",
    ],
    [
      { a: { ...entry, shape: [-1] } },
      "a: shape is not a list of non-negative integers",
    ],
    [
      { a: { ...entry, data_offsets: [0] } },
      "a: data_offsets are not two non-negative integers",
    ],
    [{ __metadata__: { a: 1 } }, "__metadata__ is not an object of strings"],
  ];
  for (const [header, what] of cases) {
    assertEquals(refusal(file(header)), `Cannot read safetensors: ${what}`);
  }
});

Deno.test("readSafetensors() refuses bytes that overlap, leave a gap, end early or do not fit the shape", () => {
  const entry = (begin: number, end: number, shape = [(end - begin) / 4]) => ({
    dtype: "F32",
    shape,
    data_offsets: [begin, end],
  });
  const cases: [unknown, number, string][] = [
    [{ a: entry(0, 8), b: entry(4, 12) }, 12, "b: expected its bytes to start at 8, found 4"],
    [{ a: entry(0, 8), b: entry(0, 8) }, 8, "b: expected its bytes to start at 8, found 0"],
    [{ a: entry(0, 4), b: entry(8, 12) }, 12, "b: expected its bytes to start at 4, found 8"],
    [{ a: entry(0, 8) }, 4, "a: its bytes 0 to 8 do not fit the 4 bytes of data"],
    [{ a: entry(0, 4) }, 8, "the arrays take 4 bytes, the file has 8 bytes of data"],
    [{ a: entry(0, 8, [3]) }, 8, "a: F32 [3] needs 12 bytes, found 8"],
    [
      { a: entry(0, 4, [2 ** 50, 2 ** 50]) },
      4,
      `a: F32 [${2 ** 50}, ${2 ** 50}] needs ${2 ** 102} bytes, found 4`,
    ],
  ];
  for (const [header, length, what] of cases) {
    assertEquals(refusal(file(header, Array(length).fill(0))), `Cannot read safetensors: ${what}`);
  }
});

Deno.test("readSafetensors() takes a name like __proto__ for a name", () => {
  const header = `{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`;
  const read = readSafetensors(file(header, [0, 0, 128, 63]));
  assertEquals([...read], [["__proto__", { shape: [1], data: new Float32Array([1]) }]]);
});

Deno.test("writeSafetensors() refuses values that do not fill the shape, and the reserved name", () => {
  const one = { shape: [2], data: new Float32Array(1) };
  assertEquals(
    assertThrows(() => writeSafetensors(new Map([["a", one]])), RangeError).message,
    "Cannot write safetensors: a: [2] needs 2 values, found 1",
  );
  assertEquals(
    assertThrows(() => writeSafetensors(new Map([["__metadata__", one]])), RangeError).message,
    "Cannot write safetensors: '__metadata__' is no name for an array",
  );
});
