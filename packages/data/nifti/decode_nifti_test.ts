import { assertEquals, assertThrows } from "@std/assert";
import { gzipSync } from "fflate";
import { makeNifti, type NiftiFields } from "../testdata/make_nifti.ts";
import { decodeNifti } from "./decode_nifti.ts";

const IDENTITY = { code: 1, rows: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] };
const FOUR: NiftiFields = {
  dim: [3, 2, 2, 1],
  datatype: 2,
  voxels: Uint8Array.of(1, 2, 3, 4),
  sform: IDENTITY,
};

function message(bytes: Uint8Array, options = {}): string {
  return assertThrows(() => decodeNifti(bytes, "a.nii", options), Error).message;
}

const VALUES = [0, 1, 2, 100];
const TYPES: [
  code: number,
  name: string,
  size: number,
  set:
    | "setInt8"
    | "setUint8"
    | "setInt16"
    | "setUint16"
    | "setInt32"
    | "setUint32"
    | "setFloat32"
    | "setFloat64",
  array: string,
][] = [
  [2, "uint8", 1, "setUint8", "Uint8Array"],
  [256, "int8", 1, "setInt8", "Int8Array"],
  [4, "int16", 2, "setInt16", "Int16Array"],
  [512, "uint16", 2, "setUint16", "Uint16Array"],
  [8, "int32", 4, "setInt32", "Int32Array"],
  [768, "uint32", 4, "setUint32", "Uint32Array"],
  [16, "float32", 4, "setFloat32", "Float32Array"],
  [64, "float64", 8, "setFloat64", "Float64Array"],
];

Deno.test("decodeNifti() keeps every type in both byte orders", () => {
  for (const [datatype, name, size, set, array] of TYPES) {
    for (const littleEndian of [true, false]) {
      const voxels = new Uint8Array(4 * size);
      const view = new DataView(voxels.buffer);
      VALUES.forEach((value, i) => view[set](i * size, value, littleEndian));
      const volume = decodeNifti(makeNifti({ ...FOUR, datatype, littleEndian, voxels }), name);
      assertEquals([...volume.data], VALUES);
      assertEquals(volume.data.constructor.name, array);
      assertEquals([volume.header.datatype, volume.header.littleEndian], [name, littleEndian]);
    }
  }
});

function longs(values: bigint[], littleEndian: boolean): Uint8Array {
  const voxels = new Uint8Array(8 * values.length);
  const view = new DataView(voxels.buffer);
  values.forEach((value, i) => view.setBigInt64(8 * i, BigInt.asIntN(64, value), littleEndian));
  return voxels;
}

Deno.test("decodeNifti() brings 64-bit integers into the smallest exact array", () => {
  const cases: [datatype: number, values: bigint[], array: string][] = [
    [1024, [-5n, 0n, 7n, 2n ** 31n - 1n], "Int32Array"],
    [1024, [-5n, 0n, 7n, 2n ** 31n], "Float64Array"],
    [1024, [-(2n ** 53n) + 1n, 0n, 7n, 1n], "Float64Array"],
    [1280, [0n, 1n, 2n, 2n ** 32n - 1n], "Uint32Array"],
    [1280, [0n, 1n, 2n, 2n ** 53n - 1n], "Float64Array"],
  ];
  for (const [datatype, values, array] of cases) {
    for (const littleEndian of [true, false]) {
      const voxels = longs(values, littleEndian);
      const { data } = decodeNifti(makeNifti({ ...FOUR, datatype, littleEndian, voxels }), "a.nii");
      assertEquals([...data], values.map(Number));
      assertEquals(data.constructor.name, array);
    }
  }
  const tooLong = makeNifti({ ...FOUR, datatype: 1280, voxels: longs([0n, 0n, -1n, 0n], true) });
  assertEquals(
    message(tooLong),
    "Cannot read 'a.nii' as NIfTI: expected uint64 voxels within 2^53, found one of about " +
      "18446744073709552000",
  );
});

Deno.test("decodeNifti() scales only when the header has a usable slope", () => {
  const decode = (slope: number, intercept: number) =>
    decodeNifti(makeNifti({ ...FOUR, slope, intercept }), "a.nii").data;
  assertEquals(decode(0, 5), Uint8Array.of(1, 2, 3, 4));
  assertEquals(decode(NaN, 5), Uint8Array.of(1, 2, 3, 4));
  assertEquals(decode(1, 0), Uint8Array.of(1, 2, 3, 4));
  assertEquals(decode(2, -1), Float32Array.of(1, 3, 5, 7));
  assertEquals(decode(1, 10), Float32Array.of(11, 12, 13, 14));
  const wide = makeNifti({
    ...FOUR,
    datatype: 8,
    voxels: new Uint8Array(16),
    slope: 3,
    intercept: 0.1,
  });
  assertEquals(decodeNifti(wide, "a.nii").data, new Float64Array(4).fill(Math.fround(0.1)));
  assertEquals(
    message(makeNifti({ ...FOUR, slope: 2, intercept: NaN })),
    "Cannot read 'a.nii' as NIfTI: expected a finite intercept with the slope 2, found NaN",
  );
});

Deno.test("decodeNifti() keeps NaN and infinity", () => {
  const voxels = new Uint8Array(Float32Array.of(NaN, Infinity, -Infinity, 1).buffer);
  const { data } = decodeNifti(makeNifti({ ...FOUR, datatype: 16, voxels }), "a.nii");
  assertEquals(data, Float32Array.of(NaN, Infinity, -Infinity, 1));
});

Deno.test("decodeNifti() makes channels of a fourth or fifth dimension, z, y, x first", () => {
  const voxels = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  for (const dim of [[4, 2, 1, 2, 2], [5, 2, 1, 2, 1, 2], [7, 2, 1, 2, 1, 2, 1, 1]]) {
    const volume = decodeNifti(makeNifti({ ...FOUR, dim, voxels }), "a.nii");
    assertEquals([volume.shape, volume.channels], [[2, 1, 2], 2]);
    assertEquals(volume.data, Uint8Array.of(1, 5, 2, 6, 3, 7, 4, 8));
  }
  assertEquals(decodeNifti(makeNifti({ ...FOUR, dim: [2, 4, 2], voxels }), "a").shape, [1, 2, 4]);
  assertEquals(
    message(makeNifti({ ...FOUR, dim: [5, 2, 1, 1, 2, 2], voxels })),
    "Cannot read 'a.nii' as a volume: expected at most one dimension beyond x, y, z, found 2x1x1x2x2",
  );
});

Deno.test("decodeNifti() refuses what it cannot hold by its name", () => {
  for (const [code, name] of [[32, "complex64"], [128, "rgb24"], [1536, "float128"]] as const) {
    assertEquals(
      message(makeNifti({ ...FOUR, datatype: code })),
      "Cannot read 'a.nii' as NIfTI: expected voxels of uint8, int16, int32, float32, float64, int8, " +
        `uint16, uint32, int64 or uint64, found ${name}`,
    );
  }
});

Deno.test("decodeNifti() names what is wrong with a header", () => {
  const cases: [Partial<NiftiFields>, string][] = [
    [{ dim: [0, 2, 2, 1] }, "expected 1 to 7 dimensions, found 0"],
    [{ dim: [3, 2, -2, 1] }, "expected dimensions of at least 1 voxel, found 2x-2x1"],
    [{ voxelOffset: 348 }, "expected voxels from byte 352 on, found the offset 348"],
    [{ voxelOffset: NaN }, "expected voxels from byte 352 on, found the offset NaN"],
    [
      { dim: [3, 2, 2, 2] },
      "expected 8 bytes of voxels (2x2x2 of uint8) from byte 352 on, found 4",
    ],
    [{ magic: "n+2" }, `expected the magic 'n+1' or 'ni1' at byte 344, found "n+2"`],
    [
      { magic: "" },
      "expected the magic 'n+1' or 'ni1' at byte 344, found \"\\u0000\\u0000\\u0000\" (Analyze 7.5 files " +
      "have no magic and say nothing about orientation: convert them to NIfTI)",
    ],
    [{ magic: "ni1" }, "expected the voxels in a .img file beside it, found none"],
  ];
  for (const [fields, wanted] of cases) {
    assertEquals(
      message(makeNifti({ ...FOUR, ...fields })),
      `Cannot read 'a.nii' as NIfTI: ${wanted}`,
    );
  }
  assertEquals(
    message(new Uint8Array(0)),
    "Cannot read 'a.nii' as NIfTI: expected a header of 348 or 540 bytes, found an empty file",
  );
  assertEquals(
    message(makeNifti(FOUR).subarray(0, 200)),
    "Cannot read 'a.nii' as NIfTI: expected a header of 348 bytes, found 200",
  );
  assertEquals(decodeNifti(makeNifti({ ...FOUR, voxelOffset: 0 }), "a").data, FOUR.voxels);
});

Deno.test("decodeNifti() refuses more than maxBytes before it allocates", () => {
  assertEquals(
    message(makeNifti({ ...FOUR, dim: [4, 30000, 30000, 30000, 30000], datatype: 64 })),
    "Cannot read 'a.nii' as NIfTI: expected at most 4294967296 bytes of voxels (maxBytes), found " +
      "30000x30000x30000x30000 of float64, 6480000000000000000 bytes",
  );
  assertEquals(
    message(makeNifti(FOUR), { maxBytes: 3 }),
    "Cannot read 'a.nii' as NIfTI: expected at most 3 bytes of voxels (maxBytes), found 2x2x1 of uint8, " +
      "4 bytes",
  );
});

Deno.test("decodeNifti() reads extensions and passes over damaged ones", () => {
  const extension = new Uint8Array(4 + 16);
  extension[0] = 1;
  new DataView(extension.buffer).setInt32(4, 16, true);
  new DataView(extension.buffer).setInt32(8, 6, true);
  extension.set(new TextEncoder().encode("comment!"), 12);
  const volume = decodeNifti(makeNifti({ ...FOUR, extension }), "a.nii");
  assertEquals(volume.header.extensions, [{ code: 6, data: new TextEncoder().encode("comment!") }]);
  assertEquals([volume.data, volume.notes], [FOUR.voxels, []]);
  new DataView(extension.buffer).setInt32(4, -16, true);
  assertEquals(decodeNifti(makeNifti({ ...FOUR, extension }), "a.nii").notes, [
    "the extension at byte 352 says it has -16 bytes and is passed over",
  ]);
});

Deno.test("decodeNifti() reads gzip of one and of several members", () => {
  const bytes = makeNifti(FOUR);
  assertEquals(decodeNifti(gzipSync(bytes), "a.nii.gz").data, FOUR.voxels);
  const members = [bytes.subarray(0, 100), bytes.subarray(100, 353), bytes.subarray(353)];
  const joined = members.flatMap((part) => [...gzipSync(part)]);
  assertEquals(decodeNifti(Uint8Array.from(joined), "a.nii.gz").data, FOUR.voxels);
});

Deno.test("decodeNifti() refuses damaged and cut gzip data", () => {
  const whole = gzipSync(makeNifti(FOUR));
  const damaged = whole.slice();
  damaged[whole.length - 8] ^= 1;
  const wanted =
    "Cannot read 'a.nii' as NIfTI: expected a whole file, found gzip data that do not match " +
    "their checksum";
  assertEquals(message(damaged), wanted);
  assertEquals(message(whole.subarray(0, whole.length - 3)), wanted);
});

Deno.test("decodeNifti() reads a gzip bomb no further than its header and a MiB", () => {
  const bomb = gzipSync(makeNifti({ ...FOUR, voxels: new Uint8Array(2 ** 24) }), { level: 9 });
  const volume = decodeNifti(bomb, "bomb.nii.gz");
  assertEquals(volume.data.length, 4);
  assertEquals(volume.notes, ["the file holds more than its voxels; its end was not checked"]);
});

Deno.test("decodeNifti() leaves the caller's bytes as they are", () => {
  const voxels = new Uint8Array(8);
  new DataView(voxels.buffer).setInt16(0, 7, false);
  const bytes = makeNifti({ ...FOUR, datatype: 4, littleEndian: false, voxels });
  const padded = new Uint8Array(bytes.length + 3);
  padded.set(bytes, 3);
  const before = padded.slice();
  const { data } = decodeNifti(padded.subarray(3), "a.nii");
  data[0] = 99;
  assertEquals(padded, before);
});

/** Of nibabel 5.4.2: big endian, float32, 2x2x1, turned axes, a comment before the voxels. */
const BIG_ENDIAN_NIFTI2 =
  "H4sIAAAAAAACA2NgYJLJ0zZi4OWS4mIQYFBggABmKM2ERjMSSWMA+w8Q2oEDSkPFHQRQ5XHRUGcYoPIHPWDCCIdnC+al1Vufsf8B9T8L" +
  "hN6P5q8D6Pp+oIYfOoCZgyEugNV8JmIcD41MkAlsGZlQdwEjzuEBA4PzNAYGR6AMAPVh2OVAAgAA";

Deno.test("decodeNifti() reads a NIfTI-2 file in big endian, made by nibabel", () => {
  const bytes = Uint8Array.from(atob(BIG_ENDIAN_NIFTI2), (character) => character.charCodeAt(0));
  const volume = decodeNifti(bytes, "a.nii.gz");
  assertEquals([volume.header.version, volume.header.littleEndian], [2, false]);
  assertEquals(volume.data, Float32Array.of(-3, 7, 300, 9));
  assertEquals([volume.shape, volume.spacing], [[1, 2, 2], [4, 2, 3]]);
  assertEquals(volume.affine, [0, -2, 0, 1.5, 3, 0, 0, 2.5, 0, 0, 4, -1, 0, 0, 0, 1]);
  const [extension] = volume.header.extensions;
  assertEquals([extension.code, String.fromCharCode(...extension.data.subarray(0, 2))], [6, "hi"]);
});
