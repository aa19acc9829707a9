import { channelSums } from "./channel_sums.ts";
import { sizeOf, type WasmKernel } from "./wasm_kernel.ts";

/** Floats of one task. */
export const FLOATS_PER_TASK = 16384;

export const gelu: WasmKernel<"Gelu"> = (backend, { x }) => {
  const y = backend.output(x.shape);
  const args = [backend.address(x), backend.address(y)];
  backend.run("gelu", args, { items: sizeOf(x.shape), chunk: FLOATS_PER_TASK });
  return y;
};

export const geluGrad: WasmKernel<"GeluGrad"> = (backend, { x, dy }) => {
  const dx = backend.output(x.shape);
  const args = [x, dy, dx].map((info) => backend.address(info));
  backend.run("geluGradient", args, { items: sizeOf(x.shape), chunk: FLOATS_PER_TASK });
  return dx;
};

export const adamwStep: WasmKernel<"AdamWStep"> = (backend, inputs, attrs) => {
  const { weights, gradient, firstMoment, secondMoment } = inputs;
  const { learningRate, weightDecay, beta1, beta2, epsilon, step } = attrs;
  const outputs = [weights, firstMoment, secondMoment].map(({ shape }) => backend.output(shape));
  const tensors = [weights, gradient, firstMoment, secondMoment, ...outputs];
  backend.run("adamwStep", [
    ...tensors.map((info) => backend.address(info)),
    1 - learningRate * weightDecay,
    ...[beta1, 1 - beta1, beta2, 1 - beta2],
    learningRate / (1 - beta1 ** step),
    1 / Math.sqrt(1 - beta2 ** step),
    epsilon,
  ], { items: sizeOf(weights.shape), chunk: FLOATS_PER_TASK });
  return outputs;
};

export const channelSum: WasmKernel<"ChannelSum"> = (backend, { x }) => {
  const channels = x.shape.at(-1)!;
  const y = backend.output([channels]);
  const [sums] = channelSums(backend, {
    kernel: "channelSums",
    args: [backend.address(x)],
    ...{ voxels: sizeOf(x.shape) / channels, channels, kinds: 1 },
  });
  backend.values(y).set(sums);
  return y;
};
