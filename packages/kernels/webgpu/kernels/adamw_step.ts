import { sizeOf, type WebgpuKernel } from "./webgpu_kernel.ts";

export const adamwStep: WebgpuKernel<"AdamWStep"> = (backend, inputs, attrs) => {
  const { learningRate, weightDecay, beta1, beta2, epsilon, step } = attrs;
  const [newWeights, newFirst, newSecond] = [0, 1, 2].map(() =>
    backend.output(inputs.weights.shape)
  );
  backend.run({
    name: "AdamWStep",
    inputs: { ...inputs },
    outputs: { newWeights, newFirst, newSecond },
    // In float64 here, as 1 - beta2 and its power lose their digits in float32.
    numbers: {
      ...{ beta1, beta2, epsilon },
      ...{ rest1: 1 - beta1, rest2: 1 - beta2 },
      kept: 1 - learningRate * weightDecay,
      rate: learningRate / (1 - beta1 ** step),
      rootScale: 1 / Math.sqrt(1 - beta2 ** step),
    },
    invocations: sizeOf(inputs.weights.shape),
    body: `
  let g = gradient[index];
  let first = p.beta1 * firstMoment[index] + p.rest1 * g;
  let second = p.beta2 * secondMoment[index] + p.rest2 * g * g;
  newFirst[index] = first;
  newSecond[index] = second;
  newWeights[index] = weights[index] * p.kept - p.rate * first / (sqrt(second) * p.rootScale + p.epsilon);`,
  });
  return [newWeights, newFirst, newSecond];
};
