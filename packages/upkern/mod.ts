/**
 * UpKern: the weights of a small-kernel network become the start of a large-kernel one.
 *
 * MedNeXt (arXiv 2303.09975, section 2.3) trains its 5x5x5 networks from trained 3x3x3 ones: the
 * depthwise kernels are interpolated, everything else is copied.
 *
 * @example
 * ```ts
 * import { formatReport, upkern } from "@mednext/upkern";
 * import { assertEquals } from "@std/assert";
 *
 * const name = "enc_block_0.0.conv1.weight";
 * const small = new Map([[name, { shape: [1, 1, 3, 3], data: new Float32Array(9).fill(1) }]]);
 * const large = new Map([[name, { shape: [1, 1, 5, 5], data: new Float32Array(25) }]]);
 * const { state, report } = upkern(small, large);
 * assertEquals(state.get(name)?.data, new Float32Array(25).fill(1));
 * assertEquals(formatReport(report).split("\n")[0], "1 kernel resized, 0 parameters copied");
 * ```
 * @module
 */
export { formatReport } from "./format_report.ts";
export { resizeKernel } from "./resize_kernel.ts";
export type { Parameter, StateDict } from "./state_dict.ts";
export { upkern } from "./upkern.ts";
export type { CopiedParameter, ResizedParameter, UpKernReport, UpKernResult } from "./upkern.ts";
export { UpKernError } from "./upkern_error.ts";
