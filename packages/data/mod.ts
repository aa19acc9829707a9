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
export type { LabelArray, ResampleLabelsOptions } from "./resample/resample_labels.ts";
export { separateAxis } from "./resample/separate_axis.ts";
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
export type { ToCanonicalOptions } from "./to_canonical.ts";
export { fromCanonical } from "./from_canonical.ts";
export type { Orientation } from "./orientation.ts";
export { orientationCode } from "./orientation_code.ts";
export { sameGrid } from "./same_grid.ts";
export type { Grid, SameGridOptions } from "./same_grid.ts";
export { readDataset } from "./dataset/read_dataset.ts";
export type {
  Dataset,
  LabelDescription,
  LabelName,
  LabelRegion,
  TestCase,
  TrainingCase,
} from "./dataset/dataset.ts";
export { regionClasses } from "./dataset/region_classes.ts";
export { DatasetError } from "./dataset/dataset_error.ts";
export { isCaseId } from "./dataset/is_case_id.ts";
export { joinChannels } from "./preprocess/join_channels.ts";
export { cropToNonzero } from "./crop_to_nonzero.ts";
export type { CropToNonzeroOptions, NonzeroCrop } from "./crop_to_nonzero.ts";
export type { Box } from "./crop/box.ts";
export { normalize } from "./normalize.ts";
export type { ChannelNormalization, NormalizationScheme, NormalizeOptions } from "./normalize.ts";
export { normalizationScheme } from "./normalize/normalization_scheme.ts";
export { intensityProperties } from "./normalize/intensity_properties.ts";
export type {
  ForegroundCase,
  IntensityProperties,
  IntensityPropertiesOptions,
} from "./normalize/intensity_properties.ts";
export { foregroundLocations } from "./foreground_locations.ts";
export type { ForegroundLocations, ForegroundLocationsOptions } from "./foreground_locations.ts";
export { annotatedVoxels } from "./annotated_voxels.ts";
export type { AnnotatedVoxelsOptions } from "./annotated_voxels.ts";
export { mirror } from "./augment/mirror.ts";
export type { MirrorOptions } from "./augment/mirror.ts";
export { randomMirrorAxes } from "./augment/random_mirror_axes.ts";
export { augmentPatch } from "./augment/augment_patch.ts";
export type { AugmentPatchOptions } from "./augment/augment_patch.ts";
export { augmentationRecipe } from "./augment/augmentation_recipe.ts";
export type {
  AugmentationMode,
  AugmentationRecipe,
  AugmentationRecipeOptions,
  RandomChannelTransform,
  RandomTransform,
  TransformChanges,
  TransformName,
} from "./augment/augmentation_recipe.ts";
export { drawAugmentation } from "./augment/draw_augmentation.ts";
export type { Augmentation, PatchKey } from "./augment/draw_augmentation.ts";
export { applyAugmentation } from "./augment/apply_augmentation.ts";
export type { ApplyAugmentationOptions } from "./augment/apply_augmentation.ts";
export { enlargedPatchSize } from "./augment/enlarged_patch_size.ts";
export { transformPatch } from "./augment/transform_patch.ts";
export type { ImageAndLabel, TransformPatchOptions } from "./augment/transform_patch.ts";
export { transformMatrix } from "./augment/transform_matrix.ts";
export { gaussianNoise } from "./augment/gaussian_noise.ts";
export type { GaussianNoiseOptions } from "./augment/gaussian_noise.ts";
export { gaussianBlur } from "./augment/gaussian_blur.ts";
export type { GaussianBlurOptions } from "./augment/gaussian_blur.ts";
export { scaleBrightness } from "./augment/scale_brightness.ts";
export { changeContrast } from "./augment/change_contrast.ts";
export type { ChangeContrastOptions } from "./augment/change_contrast.ts";
export { simulateLowResolution } from "./augment/simulate_low_resolution.ts";
export type { SimulateLowResolutionOptions } from "./augment/simulate_low_resolution.ts";
export { changeGamma } from "./augment/change_gamma.ts";
export type { ChangeGammaOptions } from "./augment/change_gamma.ts";
export { samplePatch } from "./patch_sampler.ts";
export type { Patch, SampledCase, SamplePatchOptions } from "./patch_sampler.ts";
export { sampleBatch } from "./sample_batch.ts";
export type { Batch, CaseSource, SampleBatchOptions } from "./sample_batch.ts";
export { preprocessCase } from "./preprocess_case.ts";
export type { CaseVolumes, PreprocessedCase, PreprocessingPlan } from "./preprocess_case.ts";
export type { CaseGeometry } from "./case_geometry.ts";
export { createScoreResampler } from "./score_resampler.ts";
export type { ScoreResampler, ScoreRow } from "./score_resampler.ts";
export { createMaskPainter } from "./mask_painter.ts";
export type { MaskPainter, MaskPainterOptions } from "./mask_painter.ts";
export { restoreMask } from "./restore_mask.ts";
export type { RestoreMaskOptions } from "./restore_mask.ts";
export { openZarrArray } from "./zarr/open_zarr_array.ts";
export type { OpenZarrArrayOptions, Region, ZarrArray } from "./zarr/open_zarr_array.ts";
export { readZarr } from "./zarr/read_zarr.ts";
export type { ReadZarrOptions, ZarrData, ZarrGroup } from "./zarr/read_zarr.ts";
export { createZarrArray } from "./zarr/create_zarr_array.ts";
export type { CreateZarrArrayOptions, ZarrArrayWriter } from "./zarr/create_zarr_array.ts";
export { writeZarr } from "./zarr/write_zarr.ts";
export type { WriteZarrOptions, ZarrArrayInput, ZarrGroupInput } from "./zarr/write_zarr.ts";
export { readSplits } from "./folds/read_splits.ts";
export { writeSplits } from "./folds/write_splits.ts";
export { checkCase } from "./check_case.ts";
export type { CaseReport, CheckCaseOptions } from "./check_case.ts";
export { readCase, writeCase } from "./case_store.ts";
export { readZarrVolume } from "./zarr/read_zarr_volume.ts";
export type { ReadZarrVolumeOptions, ZarrVolume } from "./zarr/read_zarr_volume.ts";
export { readVolume } from "./read_volume.ts";
export type { ReadVolume, ReadVolumeOptions } from "./read_volume.ts";
export type { DatasetFingerprint, IntensityStatistics } from "./fingerprint/dataset_fingerprint.ts";
export { fingerprintDataset } from "./fingerprint/fingerprint_dataset.ts";
export { fingerprintCase } from "./fingerprint/fingerprint_case.ts";
export type {
  CaseFingerprint,
  FingerprintCaseOptions,
  LabelledCase,
} from "./fingerprint/fingerprint_case.ts";
export type { Plan, PlannedMemory } from "./plan/plan.ts";
export { targetSpacing } from "./plan/target_spacing.ts";
export type { TargetSpacing } from "./plan/target_spacing.ts";
export { planPatch } from "./plan/plan_patch.ts";
export type { PlannedPatch, PlanPatchOptions } from "./plan/plan_patch.ts";
export { makePlan } from "./plan/make_plan.ts";
export type { MakePlanOptions, PlanOverrides } from "./plan/make_plan.ts";
export type { PlanChoice, PlanReasons } from "./plan/plan_reasons.ts";
export { readVolumeInfo } from "./read_volume_info.ts";
export type { VolumeInfo } from "./read_volume_info.ts";
export { planNormalization } from "./plan/plan_normalization.ts";
