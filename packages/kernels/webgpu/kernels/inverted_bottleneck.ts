import type { DeviceBackend } from "../backend.ts";
import { bottleneckStatistics, normalizing } from "./bottleneck_norm.ts";
import { slicesOf } from "./bottleneck_slices.ts";
import { type Bottleneck, canFuse, fusedBottleneck } from "./fused_bottleneck.ts";
import { GELU_WGSL } from "./gelu_wgsl.ts";
import { matmul } from "./matmul.ts";
import { given, type WebgpuKernel } from "./webgpu_kernel.ts";

const NAME = "InvertedBottleneck";

export const invertedBottleneck: WebgpuKernel<"InvertedBottleneck"> = (
  backend,
  inputs,
  { norm, epsilon },
) => {
  const { x, compress } = inputs;
  const outputs = compress.shape[1];
  const { mean, reciprocalStd } = bottleneckStatistics(backend, { norm, x, epsilon });
  const y = backend.output([...x.shape.slice(0, 4), outputs]);
  const bottleneck = { ...inputs, norm, mean, reciprocalStd, y };
  if (canFuse(backend, outputs)) fusedBottleneck(backend, bottleneck);
  else slicedBottleneck(backend, bottleneck);
  return [y, mean, reciprocalStd];
};

/** For more outputs than a workgroup holds: two products, some voxels at a time. */
function slicedBottleneck(backend: DeviceBackend, bottleneck: Bottleneck): void {
  const { x, expand, expandBias, compress, compressBias, residual, y } = bottleneck;
  const [channels, expanded] = expand.shape;
  const norm = normalizing(bottleneck);
  const { precision } = backend;
  for (const { base, count } of slicesOf(x, expanded)) {
    const activated = backend.output([count, expanded]);
    matmul(backend, {
      ...{ name: NAME, rows: count, depth: channels, columns: expanded, precision },
      inputs: { ...norm.inputs, expand, expandBias },
      outputs: { activated },
      sizes: { ...norm.sizes, base },
      declarations: GELU_WGSL + norm.declarations,
      left: "normalized(p.base + row, k)",
      right: "expand[k * p.columns + column]",
      store: "activated[row * p.columns + column] = gelu(value + expandBias[column]);",
    });
    matmul(backend, {
      ...{ name: NAME, rows: count, depth: expanded, columns: compress.shape[1], precision },
      inputs: given({ activated, compress, compressBias, residual }),
      outputs: { y },
      sizes: { base },
      left: "activated[row * p.depth + k]",
      right: "compress[k * p.columns + column]",
      store: `
  let at = (p.base + row) * p.columns + column;
  y[at] = value + compressBias[column]${residual ? " + residual[at]" : ""};`,
    });
    backend.release(activated);
  }
}
