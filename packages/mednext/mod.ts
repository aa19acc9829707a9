/**
 * MedNeXt (arXiv 2303.09975): the paper's networks, weight for weight, as TensorFlow.js models.
 *
 * @example
 * ```ts
 * import { createMedNeXt, parameterCount } from "@mednext/mednext";
 * import { setBackend, tf } from "@mednext/kernels";
 * import { assertEquals } from "@std/assert";
 *
 * await setBackend("cpu");
 * const config = { inputChannels: 1, classes: 3, baseChannels: 2, deepSupervision: true };
 * const model = createMedNeXt(config);
 * assertEquals(model.countParams(), parameterCount(config));
 * const heads = model.predict(tf.zeros([1, 16, 32, 16, 1])) as tf.Tensor[];
 * assertEquals(heads.map(({ shape }) => shape[2]), [32, 16, 8, 4, 2]);
 * model.dispose();
 * ```
 * @module
 */
export { checkInput } from "./check_input.ts";
export type { InputRequirements } from "./check_input.ts";
export type { MedNeXtConfig, ResolvedMedNeXtConfig } from "./config.ts";
export { createMedNeXt } from "./create_mednext.ts";
export type { MedNeXt } from "./create_mednext.ts";
export { estimateMemory } from "./estimate_memory.ts";
export type { EstimateMemoryOptions, MemoryEstimate } from "./estimate_memory.ts";
export { flopCount } from "./flop_count.ts";
export type { FlopCount, FlopCountOptions } from "./flop_count.ts";
export { loadStateDict } from "./load_state_dict.ts";
export type { LoadStateDictOptions } from "./load_state_dict.ts";
export { modelConfig } from "./model_config.ts";
export type { Parameter, StateDict } from "./parameter.ts";
export { parameterCount } from "./parameter_count.ts";
export { parameterShapes } from "./parameter_shapes.ts";
export { PRESETS } from "./presets.ts";
export type { MedNeXtPreset, MedNeXtSize } from "./presets.ts";
export { readSafetensors } from "./read_safetensors.ts";
export { readSafetensorsMetadata } from "./read_safetensors_metadata.ts";
export { resolveConfig } from "./resolve_config.ts";
export { stateDict } from "./state_dict.ts";
export { StateDictError } from "./state_dict_error.ts";
export type { StateDictProblems } from "./state_dict_error.ts";
export { writeSafetensors } from "./write_safetensors.ts";
