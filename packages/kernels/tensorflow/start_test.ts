import { assertEquals, assertRejects } from "@std/assert";
import { countGpus } from "./ffi/count_gpus.ts";
import type { Library } from "./ffi/open_library.ts";
import type { TensorFlowOptions } from "./options.ts";
import { noGpu, start } from "./start.ts";

function library(hasCuda: boolean): Library {
  const symbols = { _ZN10tensorflow19IsGoogleCudaEnabledEv: () => hasCuda };
  return {
    symbols: symbols as unknown as Library["symbols"],
    version: "2.21.0",
    path: "/site-packages/tensorflow/libtensorflow_cc.so.2",
    source: "pip",
  };
}

Deno.test("start() refuses settings that there are not, before it looks for a library", async () => {
  const cases: [Record<string, string>, string][] = [
    [{ device: "cuda" }, 'device to be "auto", "cpu", "gpu" or "gpu:1", found "cuda"'],
    [{ device: "gpu:-1" }, 'device to be "auto", "cpu", "gpu" or "gpu:1", found "gpu:-1"'],
    [{ depthwise: "fast" }, 'depthwise to be "auto", "slices" or "grouped", found "fast"'],
  ];
  for (const [options, end] of cases) {
    const given = { ...options as TensorFlowOptions, threads: 1, library: "/nowhere" };
    const error = await assertRejects(() => start(given), RangeError);
    assertEquals(error.message, `Cannot set the backend "tensorflow": expected ${end}`);
  }
});

Deno.test("noGpu() says that TensorFlow was built for the CPU alone", () => {
  assertEquals(
    noGpu(library(false)),
    "expected a TensorFlow that was built for CUDA, found one for the CPU alone, " +
      "/site-packages/tensorflow/libtensorflow_cc.so.2 2.21.0; " +
      '"deno task setup:tensorflow --cuda" gets one',
  );
});

Deno.test({
  name: "noGpu() names each library of CUDA that is missing, and what to install",
  ignore: countGpus() > 0,
  fn: () => {
    const text = noGpu(library(true));
    const start = "expected the libraries of CUDA, missing libcuda.so.1 (NVIDIA's driver)";
    assertEquals(text.slice(0, start.length), start);
    assertEquals(text.endsWith("libcudnn.so.9 (pip package nvidia-cudnn-cu12)"), true, text);
  },
});
