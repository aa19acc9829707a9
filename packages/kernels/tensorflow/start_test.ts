import { assertEquals } from "@std/assert";
import { countGpus } from "./ffi/count_gpus.ts";
import type { Library } from "./ffi/open_library.ts";
import { noGpu } from "./start.ts";

function library(hasCuda: boolean): Library {
  const symbols = { _ZN10tensorflow19IsGoogleCudaEnabledEv: () => hasCuda };
  return {
    symbols: symbols as unknown as Library["symbols"],
    version: "2.21.0",
    path: "/site-packages/tensorflow/libtensorflow_cc.so.2",
    source: "pip",
  };
}

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
