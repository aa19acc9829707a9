import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { Volume } from "../volume.ts";
import { decodeNifti } from "./decode_nifti.ts";
import { encodeNifti } from "./encode_nifti.ts";
import { headerAffine } from "./header_affine.ts";
import { readNifti } from "./read_nifti.ts";
import { writeNifti } from "./write_nifti.ts";

const AFFINE = [0, -2.5, 0, 11, 0.3, 0, 1.7, -7, -0.4, 0, 1.2, 3.3, 0, 0, 0, 1];

function volume(fields: Partial<Volume> = {}): Volume {
  return {
    data: Int16Array.of(-3, 0, 5, 7, 1, 2),
    shape: [1, 2, 3],
    channels: 1,
    spacing: [1, 1, 1],
    affine: [2, 0, 0, -5, 0, 3, 0, 6, 0, 0, 4, 7, 0, 0, 0, 1],
    ...fields,
  };
}

Deno.test("encodeNifti() gives back data, affine and type when decoded", () => {
  for (
    const type of [
      Uint8Array,
      Int8Array,
      Uint16Array,
      Int16Array,
      Uint32Array,
      Int32Array,
      Float32Array,
      Float64Array,
    ]
  ) {
    const data = type.from([0, 1, 2, 3, 4, 100]);
    const decoded = decodeNifti(encodeNifti(volume({ data })), "a.nii");
    assertEquals(decoded.data, data);
    assertEquals([decoded.shape, decoded.spacing], [[1, 2, 3], [4, 3, 2]]);
    assertEquals(decoded.affine, volume().affine);
    assertEquals(decoded.notes, []);
  }
});

Deno.test("encodeNifti() writes the same bytes again for what it has read", () => {
  const first = encodeNifti(volume({ affine: AFFINE }));
  const decoded = decodeNifti(first, "a.nii");
  assertEquals(decoded.affine, AFFINE.map(Math.fround));
  assertEquals(encodeNifti(decoded), first);
  assertEquals(encodeNifti(decoded, { like: decoded.header }), first);
});

Deno.test("encodeNifti() sets a qform that says what the sform says, unless axes are sheared", () => {
  const turned = [0, 0, 3, 1, -2, 0, 0, 2, 0, 1.5, 0, 3, 0, 0, 0, 1];
  const angle = 0.3;
  const oblique = [
    ...[2 * Math.cos(angle), -Math.sin(angle), 0, 10],
    ...[2 * Math.sin(angle), Math.cos(angle), 0, -20],
    ...[0, 0, 3, 5],
    ...[0, 0, 0, 1],
  ];
  const mirrored = oblique.map((value, i) => i % 4 === 0 ? -value : value);
  for (const affine of [volume().affine, turned, oblique, mirrored]) {
    const { header } = decodeNifti(encodeNifti(volume({ affine })), "a.nii");
    assertEquals([header.sformCode, header.qformCode], [1, 1]);
    const { affine: byQform } = headerAffine({ ...header, sformCode: 0 }, "a.nii");
    const farthest = Math.max(...byQform.map((value, i) => Math.abs(value - affine[i])));
    assertEquals(farthest < 1e-5, true, `${affine}: ${farthest}`);
  }
  const { header } = decodeNifti(encodeNifti(volume({ affine: AFFINE })), "a.nii");
  assertEquals([header.sformCode, header.qformCode], [1, 0]);
});

Deno.test("encodeNifti() writes like another header: codes, transforms, spacing, units", () => {
  const source = decodeNifti(encodeNifti(volume(), { sformCode: 4 }), "a.nii");
  const like = {
    ...source.header,
    qformCode: 2,
    units: 10,
    pixdim: source.header.pixdim.with(1, 2.0001),
  };
  const mask = { ...source, data: new Float32Array(6).fill(3) };
  const { header, data } = decodeNifti(encodeNifti(mask, { like, dtype: "label" }), "m.nii");
  assertEquals(data, new Uint8Array(6).fill(3));
  assertEquals(
    [header.sformCode, header.qformCode, header.units, header.pixdim[1]],
    [4, 2, 10, Math.fround(2.0001)],
  );
  assertEquals([header.srow, header.quaternion], [source.header.srow, source.header.quaternion]);
});

Deno.test("encodeNifti() refuses a header of another grid", () => {
  const { header } = decodeNifti(encodeNifti(volume()), "a.nii");
  const message = (other: Volume) =>
    assertThrows(() => encodeNifti(other, { like: header }), RangeError).message;
  assertEquals(
    message(volume({ shape: [2, 3, 1] })),
    "Cannot write a volume like another: expected the shape 1x2x3 (z, y, x), found 2x3x1",
  );
  assertEquals(
    message(volume({ affine: [2, 0, 0, -4, 0, 3, 0, 6, 0, 0, 4, 7, 0, 0, 0, 1] })),
    "Cannot write a volume like another: expected the affine [2, 0, 0, -5, 0, 3, 0, 6, 0, 0, 4, 7, 0, 0, " +
      "0, 1], found [2, 0, 0, -4, 0, 3, 0, 6, 0, 0, 4, 7, 0, 0, 0, 1]",
  );
});

Deno.test("encodeNifti() picks the smallest type for labels", () => {
  const cases: [values: number[], type: string][] = [
    [[0, 255], "uint8"],
    [[0, 256], "uint16"],
    [[-1, 300], "int16"],
    [[0, 65536], "uint32"],
    [[-1, 65536], "int32"],
  ];
  for (const [values, type] of cases) {
    const labels = volume({ data: Float64Array.from(values), shape: [1, 1, 2] });
    const { header, data } = decodeNifti(encodeNifti(labels, { dtype: "label" }), "a.nii");
    assertEquals([header.datatype, [...data]], [type, values]);
  }
});

Deno.test("encodeNifti() refuses values that do not fit", () => {
  const message = (data: Volume["data"], dtype: "uint8" | "label" | "int16") =>
    assertThrows(() => encodeNifti(volume({ data }), { dtype }), RangeError).message;
  assertEquals(
    message(Float32Array.of(0, 1, 2, 3, 4, 256), "uint8"),
    "Cannot write voxels as uint8: expected whole numbers from 0 to 255, found 256",
  );
  assertEquals(
    message(Float32Array.of(0, 1, 2, 3, 4, 0.5), "label"),
    "Cannot write voxels as uint8: expected whole numbers from 0 to 255, found 0.5",
  );
  assertEquals(
    message(Float32Array.of(0, 1, 2, 3, 4, NaN), "int16"),
    "Cannot write voxels as int16: expected whole numbers from -32768 to 32767, found NaN",
  );
  assertEquals(
    message(new Uint8Array(5), "uint8"),
    "Cannot write a volume of 1x2x3 voxels and 1 channel(s): expected 6 values, found 5",
  );
});

Deno.test("encodeNifti() writes channels as the fourth dimension", () => {
  const channels = volume({
    data: Uint8Array.of(1, 5, 2, 6, 3, 7, 4, 8),
    shape: [2, 1, 2],
    channels: 2,
  });
  const bytes = encodeNifti(channels);
  assertEquals(bytes.subarray(352), Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
  const decoded = decodeNifti(bytes, "a.nii");
  assertEquals([decoded.data, decoded.channels], [channels.data, 2]);
  assertEquals(decoded.header.dimensions, [2, 1, 2, 2]);
});

Deno.test("encodeNifti() writes NIfTI-2 when an axis is too long for NIfTI-1", () => {
  for (const [length, version] of [[32767, 1], [32768, 2]]) {
    const long = volume({
      data: new Uint8Array(length).fill(9),
      shape: [1, 1, length],
      affine: AFFINE,
    });
    const decoded = decodeNifti(encodeNifti(long, { description: "long" }), "a.nii");
    assertEquals([decoded.header.version, decoded.shape], [version as 1 | 2, [1, 1, length]]);
    assertEquals([decoded.data, decoded.header.description], [long.data, "long"]);
    assertEquals(decoded.affine, version === 2 ? AFFINE : AFFINE.map(Math.fround));
  }
});

Deno.test("encodeNifti() cuts a long description and spares what follows", () => {
  const { header } = decodeNifti(encodeNifti(volume(), { description: "é".repeat(60) }), "a.nii");
  assertEquals(header.description.length, 78);
  assertEquals(header.qformCode, 1);
});

Deno.test("writeNifti() gives the same gzipped bytes each time", async () => {
  const folder = await Deno.makeTempDir();
  await writeNifti(`${folder}/a.nii.gz`, volume());
  await writeNifti(`${folder}/b.nii.gz`, volume());
  const [a, b] = [
    await Deno.readFile(`${folder}/a.nii.gz`),
    await Deno.readFile(`${folder}/b.nii.gz`),
  ];
  assertEquals(a, b);
  assertEquals([...a.subarray(0, 8)], [31, 139, 8, 0, 0, 0, 0, 0]);
  assertEquals((await readNifti(`${folder}/a.nii.gz`)).data, volume().data);
  assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), [
    "a.nii.gz",
    "b.nii.gz",
  ]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("writeNifti() leaves nothing behind when it fails", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(`${folder}/taken.nii`);
  const error = await assertRejects(() => writeNifti(`${folder}/taken.nii`, volume()), Error);
  assertEquals(
    error.message.startsWith(`Cannot write '${folder}/taken.nii': `),
    true,
    error.message,
  );
  assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["taken.nii"]);
  const missing = await assertRejects(() => writeNifti(`${folder}/no/a.nii`, volume()), Error);
  assertEquals(missing.message, `Cannot write '${folder}/no/a.nii': no such file or folder`);
  const wrong = await assertRejects(() => writeNifti(`${folder}/a.mha`, volume()), TypeError);
  assertEquals(
    wrong.message,
    `Cannot write '${folder}/a.mha': expected a name that ends in .nii or .nii.gz`,
  );
  await Deno.remove(folder, { recursive: true });
});

Deno.test("readNifti() finds the other file of a pair", async () => {
  const folder = await Deno.makeTempDir();
  const single = encodeNifti(volume());
  const header = single.slice(0, 348);
  header.set(new TextEncoder().encode("ni1"), 344);
  new DataView(header.buffer).setFloat32(108, 0, true);
  await Deno.writeFile(`${folder}/a.hdr`, header);
  const alone = await assertRejects(() => readNifti(`${folder}/a.hdr`), SyntaxError);
  assertEquals(
    alone.message,
    `Cannot read '${folder}/a.hdr' as NIfTI: expected the voxels in a .img file beside it, found none`,
  );
  await Deno.writeFile(`${folder}/a.img`, single.subarray(352));
  for (const name of ["a.hdr", "a.img"]) {
    assertEquals((await readNifti(`${folder}/${name}`)).data, volume().data);
  }
  await Deno.writeFile(`${folder}/b.img`, single.subarray(352));
  const headless = await assertRejects(() => readNifti(`${folder}/b.img`), Error);
  assertEquals(
    headless.message,
    `Cannot read '${folder}/b.img' as NIfTI: expected its header in '${folder}/b.hdr' or ` +
      `'${folder}/b.hdr.gz', found neither`,
  );
  const missing = await assertRejects(() => readNifti(`${folder}/c.nii`), Error);
  assertEquals(missing.message, `Cannot read '${folder}/c.nii': no such file or folder`);
  await Deno.remove(folder, { recursive: true });
});
