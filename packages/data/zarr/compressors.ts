/** The codecs of Zarr v3 for the ways in which chunks are stored. */
export const COMPRESSORS = {
  zstd: [{ name: "zstd", configuration: { level: 3, checksum: false } }],
  gzip: [{ name: "gzip", configuration: { level: 1 } }],
  none: [],
};
