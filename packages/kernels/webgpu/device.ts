/** Limits that are raised from WebGPU's defaults to what the adapter has. */
const RAISED = [
  "maxBufferSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupSizeY",
  "maxComputeWorkgroupSizeZ",
  "maxComputeWorkgroupStorageSize",
  "maxComputeWorkgroupsPerDimension",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
] as const;

/** Values of float16 in shaders, for mixed precision. */
const FLOAT16: GPUFeatureName = "shader-f16";

/** A device of an adapter with the largest buffers and workgroups that it has, and with float16 if it has that. */
export async function requestDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const requiredLimits = Object.fromEntries(RAISED.map((name) => [name, adapter.limits[name]]));
  // A device is made once and lives on when the precision changes, so it is asked for in any case.
  const requiredFeatures = hasFloat16(adapter) ? [FLOAT16] : [];
  return await adapter.requestDevice({ requiredLimits, requiredFeatures });
}

/** Whether shaders can have values of float16. */
export function hasFloat16({ features }: Pick<GPUAdapter, "features">): boolean {
  return features.has(FLOAT16);
}

/** The most bytes that one tensor can have. */
export function largestBuffer({ limits }: GPUDevice): number {
  return Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
}
