import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { makeNifti, type NiftiFields } from "../testdata/make_nifti.ts";
import { decodeNifti } from "./decode_nifti.ts";

const BASE: NiftiFields = { dim: [3, 3, 4, 5], datatype: 2, voxels: new Uint8Array(60) };
const ROWS = [2, 0, 0, -10, 0, 3, 0, 20, 0, 0, 4, 30];
const SFORM = { code: 2, rows: ROWS };
/** A quarter turn about z: x goes to y, y to -x. */
const QFORM = { code: 1, quaternion: [0, 0, Math.SQRT1_2], offset: [5, 6, 7] };

function decode(fields: Partial<NiftiFields>) {
  return decodeNifti(makeNifti({ ...BASE, ...fields }), "a.nii");
}

function assertAffine(actual: number[], wanted: number[]): void {
  wanted.forEach((value, i) => assertAlmostEquals(actual[i], value, 1e-5, `number ${i}`));
}

Deno.test("decodeNifti() takes the sform before the qform", () => {
  const volume = decode({ sform: SFORM, qform: QFORM, pixdim: [1, 2, 3, 4] });
  assertEquals(volume.affine, [...ROWS, 0, 0, 0, 1]);
  assertEquals(volume.spacing, [4, 3, 2]);
  assertEquals(volume.notes, []);
});

Deno.test("decodeNifti() takes the qform where there is no sform, with its handedness", () => {
  const rotated = [0, -3, 0, 5, 2, 0, 0, 6, 0, 0, 4, 7, 0, 0, 0, 1];
  assertAffine(decode({ qform: QFORM, pixdim: [1, 2, 3, 4] }).affine, rotated);
  assertAffine(decode({ qform: QFORM, pixdim: [0, 2, 3, 4] }).affine, rotated);
  const mirrored = rotated.with(10, -4);
  assertAffine(decode({ qform: QFORM, pixdim: [-1, 2, 3, 4] }).affine, mirrored);
});

Deno.test("decodeNifti() mends spacings that are not above zero as nibabel does", () => {
  const { affine, notes } = decode({
    qform: { ...QFORM, quaternion: [0, 0, 0] },
    pixdim: [1, -2, 0, 4],
  });
  assertAffine(affine, [2, 0, 0, 5, 0, 1, 0, 6, 0, 0, 4, 7, 0, 0, 0, 1]);
  assertEquals(notes, ["pixdim[1] is -2 and is taken as 2", "pixdim[2] is 0 and is taken as 1"]);
});

Deno.test("decodeNifti() guesses as nibabel does where no transform is set, and says so", () => {
  const { affine, notes } = decode({ pixdim: [1, 1, 2, 3] });
  assertEquals(affine, [-1, 0, 0, 1, 0, 2, 0, -3, 0, 0, 3, -6, 0, 0, 0, 1]);
  assertEquals(notes, ["no transform to space is set: the orientation is a guess (LAS, centred)"]);
});

Deno.test("decodeNifti() gives millimetres whatever the unit is", () => {
  for (const [units, factor] of [[1, 1000], [2, 1], [3, 0.001], [0, 1], [2 | 8, 1]]) {
    const volume = decode({ sform: SFORM, pixdim: [1, 2, 3, 4], units });
    assertAffine(volume.affine, [...ROWS.map((value) => value * factor), 0, 0, 0, 1]);
    assertAlmostEquals(volume.spacing[0], 4 * factor, 1e-9);
    assertEquals(volume.notes, []);
  }
});

Deno.test("decodeNifti() keeps a sheared sform and notes another spacing", () => {
  const rows = [1, 0, 0, 0, 0, 1, 0.5, 0, 0, 0, 2, 0];
  const volume = decode({ sform: { code: 1, rows }, pixdim: [1, 1, 1, 2] });
  assertEquals(volume.affine, [...rows, 0, 0, 0, 1]);
  assertEquals(volume.spacing, [Math.hypot(0.5, 2), 1, 1]);
  assertEquals(volume.notes, [
    "the spacing of x, y, z is 1 x 1 x 2.06155 by the transform, which is used, and 1 x 1 x 2 by pixdim",
  ]);
});

Deno.test("decodeNifti() passes over a flat sform, and refuses where nothing is left", () => {
  const flat = { code: 1, rows: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0] };
  const volume = decode({ sform: flat, qform: { ...QFORM, quaternion: [0, 0, 0] } });
  assertEquals(volume.affine, [1, 0, 0, 5, 0, 1, 0, 6, 0, 0, 1, 7, 0, 0, 0, 1]);
  assertEquals(volume.notes, ["the sform is not an invertible transform and is passed over"]);
  const cases: [Partial<NiftiFields>, string][] = [
    [{ sform: flat }, "sform"],
    [{ sform: flat, qform: { ...QFORM, quaternion: [2, 0, 0] } }, "sform and its qform"],
    [{ qform: { ...QFORM, quaternion: [NaN, 0, 0] } }, "qform"],
  ];
  for (const [fields, kinds] of cases) {
    const { message } = assertThrows(() => decode(fields), SyntaxError);
    assertEquals(
      message,
      "Cannot read 'a.nii' as NIfTI: expected an invertible transform to space, found none in its " +
        kinds,
    );
  }
});
