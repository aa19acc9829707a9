import { assertEquals } from "@std/assert";
import * as data from "./mod.ts";

const NAMES = [
  "DatasetError",
  "checkCase",
  "createMaskPainter",
  "createScoreResampler",
  "cropToNonzero",
  "decodeNifti",
  "encodeNifti",
  "foregroundLocations",
  "fromCanonical",
  "intensityProperties",
  "isCaseId",
  "joinChannels",
  "kFolds",
  "mirror",
  "normalizationScheme",
  "normalize",
  "openZarrArray",
  "orientationCode",
  "preprocessCase",
  "randomMirrorAxes",
  "randomStream",
  "readCase",
  "readDataset",
  "readNifti",
  "readSplits",
  "readVolume",
  "readZarr",
  "readZarrVolume",
  "resampleImage",
  "resampleLabels",
  "resampledShape",
  "restoreMask",
  "sameGrid",
  "sampleBatch",
  "samplePatch",
  "toCanonical",
  "writeCase",
  "writeNifti",
  "writeSplits",
  "writeZarr",
];

Deno.test("mod.ts exports these names and no others", () => {
  assertEquals(Object.keys(data).toSorted(), NAMES);
});
