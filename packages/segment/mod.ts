/**
 * From a network to a mask, for any network: losses, optimiser, training loop, sliding window.
 *
 * Tensors are float32 and channels last, `[N, D, H, W, C]`; D, H, W are the array axes z, y, x.
 * @module
 */
export type { Batch } from "./fit/batch.ts";
export { createFitState, type FitOptions, type FitState } from "./fit/create_fit_state.ts";
export { exportFitState, type FitSnapshot } from "./fit/export_fit_state.ts";
export { fit, type FitResult, type FitRunOptions, type FitStepReport } from "./fit/fit.ts";
export { importFitState } from "./fit/import_fit_state.ts";
export { trainStep, type TrainStepOptions, type TrainStepReport } from "./fit/train_step.ts";
export {
  deepSupervisionLoss,
  type DeepSupervisionLossOptions,
} from "./loss/deep_supervision_loss.ts";
export {
  deepSupervisionWeights,
  type DeepSupervisionWeightsOptions,
} from "./loss/deep_supervision_weights.ts";
export {
  diceCrossEntropyLoss,
  type DiceCrossEntropyLossOptions,
} from "./loss/dice_cross_entropy_loss.ts";
export { downsampleLabels } from "./loss/downsample_labels.ts";
export { softDiceLoss, type SoftDiceLossOptions } from "./loss/soft_dice_loss.ts";
export {
  softmaxCrossEntropyLoss,
  type SoftmaxCrossEntropyLossOptions,
} from "./loss/softmax_cross_entropy_loss.ts";
export { clipByGlobalNorm } from "./optimizer/clip_by_global_norm.ts";
export { type AdamWOptions, createAdamW } from "./optimizer/create_adamw.ts";
export { createOptimizer, type OptimizerSettings } from "./optimizer/create_optimizer.ts";
export { createSgd, type SgdOptions } from "./optimizer/create_sgd.ts";
export type { Optimizer } from "./optimizer/optimizer.ts";
export {
  polynomialSchedule,
  type PolynomialScheduleOptions,
} from "./optimizer/polynomial_schedule.ts";
export {
  applyPostprocessing,
  type ApplyPostprocessingOptions,
  type PostprocessingStep,
} from "./postprocess/apply_postprocessing.ts";
export {
  type ConnectedComponents,
  connectedComponents,
  type ConnectedComponentsOptions,
  type Connectivity,
} from "./postprocess/connected_components.ts";
export {
  keepLargestComponent,
  type KeepLargestComponentOptions,
} from "./postprocess/keep_largest_component.ts";
export { activateScores, type ActivateScoresOptions } from "./predict/activate_scores.ts";
export { argmaxMask } from "./predict/argmax_mask.ts";
export {
  gaussianImportance,
  type GaussianImportanceOptions,
} from "./predict/gaussian_importance.ts";
export type { Network } from "./predict/network.ts";
export { predictSlabs, type PredictSlabsOptions, type ScoreSlab } from "./predict/predict_slabs.ts";
export {
  predictVolume,
  type PredictVolumeOptions,
  type VolumePrediction,
} from "./predict/predict_volume.ts";
export {
  slidingWindowSteps,
  type SlidingWindowStepsOptions,
} from "./predict/sliding_window_steps.ts";
export type { StateDict } from "./state_dict.ts";
export { addClassCounts, type MaskPair } from "./validate/add_class_counts.ts";
export { addRegionCounts, type RegionMasks } from "./validate/add_region_counts.ts";
export { type ClassCounts, createClassCounts } from "./validate/create_class_counts.ts";
export {
  exponentialMovingAverage,
  type ExponentialMovingAverageOptions,
} from "./validate/exponential_moving_average.ts";
export { type PseudoDice, pseudoDice, type PseudoDiceOptions } from "./validate/pseudo_dice.ts";
export { validate, type ValidateOptions, type ValidationReport } from "./validate/validate.ts";
