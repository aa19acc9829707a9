/** NVIDIA's driver; what it can do with CUDA is asked of it directly. */
const DRIVER = Deno.build.os === "windows" ? "nvcuda.dll" : "libcuda.so.1";

/** The number of NVIDIA GPUs that programs of CUDA may use; 0 without a driver. */
export function countGpus(): number {
  let driver;
  try {
    driver = Deno.dlopen(DRIVER, {
      cuInit: { parameters: ["u32"], result: "i32" },
      cuDeviceGetCount: { parameters: ["buffer"], result: "i32" },
    });
  } catch {
    return 0;
  }
  const count = new Int32Array(1);
  const { cuInit, cuDeviceGetCount } = driver.symbols;
  const isCounted = cuInit(0) === 0 && cuDeviceGetCount(count) === 0;
  return isCounted ? count[0] : 0;
}
