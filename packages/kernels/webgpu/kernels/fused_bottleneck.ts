import type { TensorInfo } from "@tensorflow/tfjs";
import type { DeviceBackend } from "../backend.ts";
import { type BottleneckNorm, normalizing } from "./bottleneck_norm.ts";
import { type Factors, factorsOf } from "./factors_wgsl.ts";
import { GELU_WGSL } from "./gelu_wgsl.ts";
import { eachOf, four, outerProduct } from "./matmul_wgsl.ts";
import { given } from "./webgpu_kernel.ts";

/** What a bottleneck reads and writes. */
export interface Bottleneck extends BottleneckNorm {
  expand: TensorInfo;
  expandBias: TensorInfo;
  compress: TensorInfo;
  compressBias: TensorInfo;
  residual?: TensorInfo;
  y: TensorInfo;
}

/** Most outputs of a voxel: a workgroup holds the outputs of its voxels in registers. */
const MOST_OUTPUTS = 128;
/** Tensors of a bottleneck with a residual: more than WebGPU promises, unlike those of all other kernels. */
const MOST_TENSORS = 11;

/** What a workgroup computes: `voxels` by `width` values at a time, as many expanded ones as outputs. */
interface Tile {
  voxels: number;
  width: number;
  /** Of the tiles of x and of the matrices. */
  depth: number;
}

function tileOf(outputs: number, { bytes }: Factors): Tile {
  const width = Math.max(16, 2 ** Math.ceil(Math.log2(outputs)));
  return { voxels: width > 64 ? 32 : 64, width, depth: 32 / bytes };
}

/** Whether a workgroup of this device holds the expanded values of its voxels. */
export function canFuse(
  { device, precision }: Pick<DeviceBackend, "device" | "precision">,
  outputs: number,
): boolean {
  const factors = factorsOf(precision);
  const { voxels, width, depth } = tileOf(outputs, factors);
  const bytes = factors.bytes * (voxels * width + depth * (voxels + 4 + width));
  const { maxComputeWorkgroupStorageSize, maxStorageBuffersPerShaderStage } = device.limits;
  return outputs <= MOST_OUTPUTS && bytes <= maxComputeWorkgroupStorageSize &&
    MOST_TENSORS <= maxStorageBuffersPerShaderStage;
}

/**
 * Normalise, expand, GELU, compress, add, in one pass: a workgroup expands some of its voxels' values into its own memory
 * and multiplies them on into its outputs at once, so that no expanded value gets into the device's.
 */
export function fusedBottleneck(backend: DeviceBackend, bottleneck: Bottleneck): void {
  const { expand, expandBias, compress, compressBias, residual, y } = bottleneck;
  const [expanded, outputs] = compress.shape;
  const factors = factorsOf(backend.precision);
  const tile = tileOf(outputs, factors);
  const norm = normalizing(bottleneck);
  const voxels = y.shape.slice(0, 4).reduce((product, size) => product * size, 1);
  backend.run({
    name: "InvertedBottleneck",
    inputs: {
      ...norm.inputs,
      ...given({ expand, expandBias, compress, compressBias, residual }),
    },
    outputs: { y },
    sizes: { ...norm.sizes, voxels, expanded, outputs },
    workgroups: Math.ceil(voxels / tile.voxels),
    workgroupSize: tile.voxels * tile.width / 16,
    float16: factors.float16,
    declarations: `${factors.declarations}
var<workgroup> voxelTile: array<Factors, ${tile.depth * (tile.voxels / 4 + 1)}>;
var<workgroup> matrixTile: array<Factors, ${tile.depth * tile.width / 4}>;
var<workgroup> activated: array<Factors, ${tile.width * tile.voxels / 4}>;
${GELU_WGSL}${norm.declarations}
fn voxel_at(voxel: u32, c: u32) -> f32 {
  if (voxel >= p.voxels || c >= p.channels) { return 0.0; }
  return normalized(voxel, c);
}
fn expand_at(c: u32, e: u32) -> f32 {
  if (c >= p.channels || e >= p.expanded) { return 0.0; }
  return expand[c * p.expanded + e];
}
fn compress_at(e: u32, o: u32) -> f32 {
  if (e >= p.expanded || o >= p.outputs) { return 0.0; }
  return compress[e * p.outputs + o];
}
fn active_of(value: f32, e: u32) -> f32 {
  if (e >= p.expanded) { return 0.0; }
  return gelu(value + expandBias[e]);
}
fn store(voxel: u32, o: u32, value: f32) {
  if (voxel >= p.voxels || o >= p.outputs) { return; }
  let at = voxel * p.outputs + o;
  y[at] = value + compressBias[o]${residual ? " + residual[at]" : ""};
}`,
    body: bodyOf(tile),
  });
}

function bodyOf({ voxels, width, depth }: Tile): string {
  const [down, across] = [voxels / 4, width / 4];
  const size = down * across;
  const zeros = (name: string) => [0, 1, 2, 3].map((i) => `var ${name}${i} = vec4f(0);`).join(" ");
  const loadMatrix = (at: (k: string, column: string) => string) => `
      for (var i = local; i < ${depth * across}u; i += ${size}u) {
        let k = i / ${across}u;
        let q = i % ${across}u * 4u;
        matrixTile[i] = Factors(${four((j) => at("k", `q + ${j}u`))});
      }`;
  return `
  let firstVoxel = group * ${voxels}u;
  let tx = local % ${across}u;
  let ty = local / ${across}u;
  ${zeros("out")}
  for (var first = 0u; first < p.expanded; first += ${width}u) {
    ${zeros("sum")}
    for (var start = 0u; start < p.channels; start += ${depth}u) {
      for (var i = local; i < ${depth * down}u; i += ${size}u) {
        let k = i % ${depth}u;
        let q = i / ${depth}u;
        let voxel = firstVoxel + q * 4;
        voxelTile[k * ${down + 1}u + q] = Factors(${
    four((j) => `voxel_at(voxel + ${j}u, start + k)`)
  });
      }${loadMatrix((k, e) => `expand_at(start + ${k}, first + ${e})`)}
      workgroupBarrier();
      for (var k = 0u; k < ${depth}u; k++) {
        let a = vec4f(voxelTile[k * ${down + 1}u + ty]);
        let b = vec4f(matrixTile[k * ${across}u + tx]);
        ${outerProduct("sum")}
      }
      workgroupBarrier();
    }
    ${
    [0, 1, 2, 3].map((j) =>
      `activated[(tx * 4 + ${j}) * ${down}u + ty] = Factors(${
        four((i) => `active_of(sum${i}[${j}], first + tx * 4 + ${j})`)
      });`
    ).join("\n    ")
  }
    for (var start = 0u; start < ${width}u; start += ${depth}u) {${
    loadMatrix((k, o) => `compress_at(first + start + ${k}, ${o})`)
  }
      workgroupBarrier();
      for (var k = 0u; k < ${depth}u; k++) {
        let a = vec4f(activated[(start + k) * ${down}u + ty]);
        let b = vec4f(matrixTile[k * ${across}u + tx]);
        ${outerProduct("out")}
      }
      workgroupBarrier();
    }
  }
  ${eachOf((i, j) => `store(firstVoxel + ty * 4 + ${i}, tx * 4 + ${j}, out${i}[${j}]);`)}`;
}
