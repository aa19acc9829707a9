import { erfc } from "./erfc.ts";
import type { CpuKernel } from "./view.ts";

/** The distribution function of the standard normal distribution. */
function normalCdf(x: number): number {
  return erfc(-x * Math.SQRT1_2) / 2;
}

/** x·Φ(x). */
export const gelu: CpuKernel<"Gelu"> = ({ x }) => {
  return [{ shape: [...x.shape], values: x.values.map((value) => value * normalCdf(value)) }];
};

/** dy·(Φ(x) + x·φ(x)). */
export const geluGrad: CpuKernel<"GeluGrad"> = ({ x, dy }) => {
  const values = x.values.map((value, i) => {
    const density = Math.exp(-value * value / 2) / Math.sqrt(2 * Math.PI);
    return dy.values[i] * (normalCdf(value) + value * density);
  });
  return [{ shape: [...x.shape], values }];
};
