/**
 * Medical volumes in TypeScript: files in, patches out.
 * @module
 */
export type { Triple, Volume, VoxelArray } from "./volume.ts";
export { randomStream } from "./random.ts";
export type { RandomStream } from "./random.ts";
export { kFolds } from "./folds.ts";
export type { KFoldsOptions, Split } from "./folds.ts";
export { resampleImage } from "./resample/resample_image.ts";
export type { ResampleImageOptions } from "./resample/resample_image.ts";
export { resampleLabels } from "./resample/resample_labels.ts";
export type { ResampleLabelsOptions } from "./resample/resample_labels.ts";
export { resampledShape } from "./resample/resampled_shape.ts";
export { decodeNifti } from "./nifti/decode_nifti.ts";
export type { DecodeNiftiOptions, NiftiVolume } from "./nifti/decode_nifti.ts";
export { encodeNifti } from "./nifti/encode_nifti.ts";
export type { WriteNiftiOptions } from "./nifti/encode_nifti.ts";
export { readNifti } from "./nifti/read_nifti.ts";
export type { ReadNiftiOptions } from "./nifti/read_nifti.ts";
export { writeNifti } from "./nifti/write_nifti.ts";
export type { NiftiExtension, NiftiHeader } from "./nifti/header.ts";
export type { VoxelType } from "./voxel_type.ts";
export { toCanonical } from "./to_canonical.ts";
export { fromCanonical } from "./from_canonical.ts";
export type { Orientation } from "./orientation.ts";
export { orientationCode } from "./orientation_code.ts";
export { sameGrid } from "./same_grid.ts";
export type { SameGridOptions } from "./same_grid.ts";
