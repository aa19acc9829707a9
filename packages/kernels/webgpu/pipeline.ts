import { closeScopes, openScopes } from "./error_scope.ts";
import type { Program } from "./program.ts";

/**
 * Compiles a shader.
 *
 * @throws {Error} If the device does not take it; the message has the kernel's name and the compiler's words.
 */
export function createPipeline(
  device: GPUDevice,
  { name, inputs, outputs }: Program,
  code: string,
): GPUComputePipeline {
  openScopes(device);
  const module = device.createShaderModule({ code, label: name });
  const compiled = closeScopes(device);
  if (compiled !== undefined) fail(name, compiled);
  const types: GPUBufferBindingType[] = [
    ...Object.keys(inputs).map(() => "read-only-storage" as const),
    ...Object.keys(outputs).map(() => "storage" as const),
    "uniform",
  ];
  openScopes(device);
  const layout = device.createBindGroupLayout({
    entries: types.map((type, binding) => {
      return { binding, visibility: GPUShaderStage.COMPUTE, buffer: { type } };
    }),
  });
  const pipeline = device.createComputePipeline({
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module, entryPoint: "main" },
    label: name,
  });
  const created = closeScopes(device);
  if (created !== undefined) fail(name, created);
  return pipeline;
}

function fail(name: string, message: string): never {
  throw new Error(`Cannot compile the webgpu kernel ${name}: ${message}`);
}
