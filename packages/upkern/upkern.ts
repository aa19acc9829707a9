/**
 * Small-kernel weights to large-kernel weights.
 * @module
 */
import { resizeKernel } from "./resize_kernel.ts";
import type { Parameter, StateDict } from "./state_dict.ts";
import { UpKernError } from "./upkern_error.ts";

/** A parameter that was taken over as it is. */
export interface CopiedParameter {
  /** Its state-dict name. */
  name: string;
  /** Its shape, PyTorch layout. */
  shape: number[];
}

/** A depthwise kernel that was interpolated. */
export interface ResizedParameter {
  /** Its state-dict name. */
  name: string;
  /** Its shape in the small network. */
  from: number[];
  /** Its shape in the large network. */
  to: number[];
}

/** What became of every parameter of the large network. */
export interface UpKernReport {
  /** Parameters of equal shape, in the order of the network. */
  copied: CopiedParameter[];
  /** Depthwise kernels that grew, in the order of the network. */
  resized: ResizedParameter[];
}

/** What `upkern` gives. */
export interface UpKernResult {
  /** Weights for the large network, in its order. Arrays of their own. */
  state: StateDict;
  /** Which were copied and which resized. */
  report: UpKernReport;
}

/** The release's checkpoints hold it for the sake of PyTorch's checkpointing; it is no weight. */
const DUMMY = "dummy_tensor";

const written = (shape: readonly number[]): string => `[${shape.join(", ")}]`;

const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((n, axis) => n === b[axis]);

/** Why the values of a parameter do not fill its shape; undefined where they do. */
function unfilled(name: string, network: string, { shape, data }: Parameter): string | undefined {
  const count = shape.reduce((product, n) => product * n, 1);
  if (data.length === count) return undefined;
  return `${name}: the ${network} network's shape ${written(shape)} needs ${count} values, ` +
    `found ${data.length}`;
}

/** Why a kernel may not be resized from one shape to the other; undefined where it may. */
function unresizable(name: string, from: number[], to: number[]): string | undefined {
  const shapes = `${name}: ${written(from)} in the small network, ${written(to)} in the large one`;
  if (!/(^|\.)conv1\.weight$/.test(name)) return `${shapes}; only depthwise kernels are resized`;
  const depthwise = from.length === to.length && (from.length === 4 || from.length === 5) &&
    from[1] === 1 && to[1] === 1;
  if (!depthwise) return `${shapes}; a depthwise kernel is [c, 1, k, k, k] or [c, 1, k, k]`;
  if (from[0] !== to[0]) return `${shapes}; the channels differ`;
  const spatial = from.slice(2).map((n, axis) => [n, to[axis + 2]]);
  if (spatial.flat().some((n) => n % 2 !== 1)) return `${shapes}; the sizes must be odd`;
  if (spatial.some(([small, large]) => large < small)) return `${shapes}; a kernel does not shrink`;
  return undefined;
}

/**
 * Starts a large-kernel network from the weights of a small-kernel one (arXiv 2303.09975, section 2.3;
 * `run/load_weights.py` of the release).
 *
 * Parameters of equal shape are copied. Depthwise kernels (`….conv1.weight`) of odd sizes grow by
 * trilinear interpolation with half-pixel centres, without rescaling; see {@linkcode resizeKernel}.
 * In 2-D the interpolation is bilinear. `dummy_tensor`, which the release's checkpoints hold, is left out.
 * The release warns of what does not fit and goes on; here it is an error.
 *
 * @example
 * ```ts
 * import { upkern } from "@mednext/upkern";
 * import { assertEquals } from "@std/assert";
 *
 * const zeros = (shape: number[]) => ({
 *   shape,
 *   data: new Float32Array(shape.reduce((a, b) => a * b)),
 * });
 * const small = new Map([["down_0.conv1.weight", zeros([8, 1, 3, 3, 3])]]);
 * const large = new Map([["down_0.conv1.weight", zeros([8, 1, 5, 5, 5])]]);
 * const { report } = upkern(small, large);
 * assertEquals(report.resized[0].to, [8, 1, 5, 5, 5]);
 * ```
 * @param small The trained weights.
 * @param large The weights of the network to start; only its names and shapes are used.
 * @returns New weights for the large network, and what became of each.
 * @throws {UpKernError} Lists every missing, unexpected and misshapen parameter at once.
 */
export function upkern(small: StateDict, large: StateDict): UpKernResult {
  const state: StateDict = new Map();
  const report: UpKernReport = { copied: [], resized: [] };
  const missing: string[] = [];
  const misshapen: string[] = [];
  for (const [name, target] of large) {
    if (name === DUMMY) continue;
    const source = small.get(name);
    if (source === undefined) {
      missing.push(name);
      continue;
    }
    const same = sameShape(source.shape, target.shape);
    const problem = unfilled(name, "small", source) ?? unfilled(name, "large", target) ??
      (same ? undefined : unresizable(name, source.shape, target.shape));
    if (problem !== undefined) {
      misshapen.push(problem);
    } else if (same) {
      state.set(name, { shape: [...source.shape], data: source.data.slice() });
      report.copied.push({ name, shape: [...source.shape] });
    } else {
      state.set(name, resizeKernel(source, target.shape.slice(2)));
      report.resized.push({ name, from: [...source.shape], to: [...target.shape] });
    }
  }
  const unexpected = [...small.keys()].filter((name) => name !== DUMMY && !large.has(name));
  if (missing.length + unexpected.length + misshapen.length > 0) {
    throw new UpKernError({ missing, unexpected, misshapen });
  }
  return { state, report };
}
