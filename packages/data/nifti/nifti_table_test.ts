import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { fromCanonical } from "../from_canonical.ts";
import { orientationCode } from "../orientation_code.ts";
import {
  DATA,
  filesBelow,
  hasData,
  type Probe,
  probe,
  probeDifferences,
} from "../testdata/sample_data.ts";
import expectedFiles from "../testdata/nifti_expected.json" with { type: "json" };
import refusedFiles from "../testdata/nifti_refused.json" with { type: "json" };
import { toCanonical } from "../to_canonical.ts";
import type { NiftiVolume } from "./decode_nifti.ts";
import { readNifti } from "./read_nifti.ts";

/** What nibabel says of one file. */
interface Expected extends Probe {
  shape: number[];
  channels: number;
  datatype: string;
  affine: number[];
  orientation: string;
  canonical?: { shape: number[]; affine: number[]; placeSum: number };
}

const FOLDERS = ["nifti_robustness", "spinalcord_sct", "spine_tptbox", "totalseg_ct_mr"];
const isHere = FOLDERS.every(hasData);
const suffix = isHere ? "" : " (ignored: the sample data are not here)";
const expected = expectedFiles as unknown as Record<string, Expected>;
const refused = refusedFiles as Record<string, string>;
const files = isHere ? FOLDERS.flatMap(filesBelow).filter((file) => !file.endsWith(".md")) : [];

Deno.test({
  name: `readNifti() reads every sample file as nibabel does, or refuses it by name${suffix}`,
  ignore: !isHere,
  async fn() {
    const problems: string[] = [];
    for (const file of files) {
      const found = await check(file);
      problems.push(...found.map((problem) => `${file}: ${problem}`));
    }
    assertEquals(problems, []);
    assertEquals(files, [...Object.keys(expected), ...Object.keys(refused)].sort());
  },
});

async function check(file: string): Promise<string[]> {
  const path = fromFileUrl(new URL(encodeURI(file), DATA));
  try {
    const volume = await readNifti(path);
    return file in expected
      ? [...compare(volume, expected[file]), ...compareCanonical(volume, expected[file])]
      : ["it was read, but should be refused"];
  } catch (error) {
    const message = (error as Error).message.replaceAll(path, file);
    return message === refused[file] ? [] : [message];
  }
}

function compare(volume: NiftiVolume, wanted: Expected): string[] {
  const picks = wanted.voxels.map(([i]) => i);
  const differences = probeDifferences(probe(volume.data, picks), wanted);
  const pairs: [string, unknown, unknown][] = [
    ["shape", volume.shape, wanted.shape],
    ["channels", volume.channels, wanted.channels],
    ["datatype", volume.header.datatype, wanted.datatype],
    ["orientation", orientationCode(volume.affine), wanted.orientation],
  ];
  for (const [name, actual, value] of pairs) {
    if (String(actual) !== String(value)) differences.push(`${name} is ${actual}, not ${value}`);
  }
  if (!isNear(volume.affine, wanted.affine)) {
    differences.push(`affine is ${volume.affine}, not ${wanted.affine}`);
  }
  return differences;
}

function compareCanonical(source: NiftiVolume, { canonical, absoluteSum }: Expected): string[] {
  if (!canonical) return [];
  const differences: string[] = [];
  const { volume, orientation } = toCanonical(source);
  const { placeSum } = probe(volume.data, []);
  if (String(volume.shape) !== String(canonical.shape)) {
    differences.push(`canonical shape is ${volume.shape}, not ${canonical.shape}`);
  }
  if (!isNear(volume.affine, canonical.affine)) {
    differences.push(`canonical affine is ${volume.affine}, not ${canonical.affine}`);
  }
  if (Math.abs(placeSum - canonical.placeSum) > 1e-7 * 250 * absoluteSum) {
    differences.push(`canonical placeSum is ${placeSum}, not ${canonical.placeSum}`);
  }
  const back = fromCanonical(volume, orientation);
  const isSame = isIdentical(back.data, source.data) &&
    String(back.affine) === String(source.affine) && String(back.shape) === String(source.shape);
  if (!isSame) differences.push("fromCanonical does not undo toCanonical");
  return differences;
}

function isIdentical(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  for (let i = 0; i < b.length; i++) if (!Object.is(a[i], b[i])) return false;
  return a.length === b.length;
}

/**
 * nibabel takes qforms through float64 and stores some results in float32: a millionth of the
 * largest number is rounding.
 */
function isNear(actual: readonly number[], wanted: readonly number[]): boolean {
  const largest = Math.max(...wanted.map(Math.abs));
  return wanted.every((value, i) => Math.abs(value - actual[i]) <= 1e-6 * largest);
}
