/** First bytes of formats that are often met where a NIfTI file was meant. */
const SIGNATURES: readonly [offset: number, bytes: string, format: string][] = [
  [0, "\x1f\x8b", "a gzip file inside a gzip file"],
  [0, "NRRD", "an NRRD file"],
  [0, "ObjectType", "a MetaImage file"],
  [0, "NDims", "a MetaImage file"],
  [0, "CDF", "a MINC-1 (NetCDF) file"],
  [0, "\x89HDF", "an HDF5 file (MINC-2 is one)"],
  [0, "PK\x03\x04", "a zip file"],
  [0, "\x89PNG", "a PNG picture"],
  [0, "MATRIX72", "an ECAT file"],
  [0, "\0\0\0\x01", "an MGH file"],
  [128, "DICM", "a DICOM file"],
];

/** What the bytes seem to be, for an error's "found". */
export function foreignFormat(bytes: Uint8Array): string {
  if (bytes.length === 0) return "an empty file";
  for (const [offset, signature, format] of SIGNATURES) {
    const piece = bytes.subarray(offset, offset + signature.length);
    if (String.fromCharCode(...piece) === signature) return format;
  }
  const start = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0"));
  return `a file that starts with the bytes ${start.join(" ")}`;
}
