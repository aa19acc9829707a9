import { channelSums } from "./channel_sums.ts";
import { sizeOf, type WasmKernel } from "./wasm_kernel.ts";

/** Voxels of one task. */
const VOXELS_PER_TASK = 512;

export const layerNorm: WasmKernel<"LayerNorm"> = (backend, { x, gamma, beta }, { epsilon }) => {
  const channels = x.shape.at(-1)!;
  const grid = x.shape.slice(0, -1);
  const outputs = [x.shape, grid, grid].map((shape) => backend.output(shape));
  const addresses = [x, gamma, beta, ...outputs].map((info) => backend.address(info));
  const job = { items: sizeOf(grid), chunk: VOXELS_PER_TASK };
  backend.run("layerNorm", [...addresses, channels, epsilon], job);
  return outputs;
};

export const layerNormGrad: WasmKernel<"LayerNormGrad"> = (backend, inputs) => {
  const { x, dy, gamma, mean, reciprocalStd } = inputs;
  const channels = x.shape.at(-1)!;
  const voxels = sizeOf(x.shape) / channels;
  const outputs = [x.shape, [channels], [channels]].map((shape) => backend.output(shape));
  const [dx, dgamma, dbeta] = outputs;
  const addresses = [x, dy, gamma, mean, reciprocalStd, dx].map((info) => backend.address(info));
  const job = { items: voxels, chunk: VOXELS_PER_TASK };
  backend.run("layerNormGradient", [...addresses, channels], job);
  const args = [x, dy, mean, reciprocalStd].map((info) => backend.address(info));
  const request = { kernel: "voxelProducts" as const, args, voxels, channels, kinds: 2 };
  const [sums, products] = channelSums(backend, request);
  backend.values(dgamma).set(products);
  backend.values(dbeta).set(sums);
  return outputs;
};
