import type { CpuKernel, View } from "./view.ts";

/** One step of AdamW, in the order of `torch.optim.AdamW`: decay, moments, update. */
export const adamwStep: CpuKernel<"AdamWStep"> = (inputs, attrs) => {
  const { learningRate, weightDecay, beta1, beta2, epsilon, step } = attrs;
  const { shape } = inputs.weights;
  const [weights, firstMoment, secondMoment] = Array.from({ length: 3 }, (): View => {
    return { shape: [...shape], values: new Float32Array(inputs.weights.values.length) };
  });
  const correction1 = 1 - beta1 ** step;
  const correction2 = 1 - beta2 ** step;
  for (let i = 0; i < weights.values.length; i++) {
    const gradient = inputs.gradient.values[i];
    const first = beta1 * inputs.firstMoment.values[i] + (1 - beta1) * gradient;
    const second = beta2 * inputs.secondMoment.values[i] + (1 - beta2) * gradient ** 2;
    weights.values[i] = inputs.weights.values[i] * (1 - learningRate * weightDecay) -
      learningRate * (first / correction1) / (Math.sqrt(second / correction2) + epsilon);
    firstMoment.values[i] = first;
    secondMoment.values[i] = second;
  }
  return [weights, firstMoment, secondMoment];
};
