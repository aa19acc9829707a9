import { GELU_WGSL } from "./gelu_wgsl.ts";
import { sizeOf, type WebgpuKernel } from "./webgpu_kernel.ts";

export const gelu: WebgpuKernel<"Gelu"> = (backend, { x }) => {
  const y = backend.output(x.shape);
  backend.run({
    name: "Gelu",
    inputs: { x },
    outputs: { y },
    invocations: sizeOf(x.shape),
    declarations: GELU_WGSL,
    body: "y[index] = gelu(x[index]);",
  });
  return y;
};

export const geluGrad: WebgpuKernel<"GeluGrad"> = (backend, { x, dy }) => {
  const dx = backend.output(x.shape);
  backend.run({
    name: "GeluGrad",
    inputs: { x, dy },
    outputs: { dx },
    invocations: sizeOf(x.shape),
    declarations: GELU_WGSL,
    body: "dx[index] = dy[index] * gelu_slope(x[index]);",
  });
  return dx;
};
