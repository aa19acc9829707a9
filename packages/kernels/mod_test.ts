import { assertEquals } from "@std/assert";
import * as kernels from "./mod.ts";

Deno.test("mod.ts exports these names and no others", () => {
  assertEquals(Object.keys(kernels).sort(), [
    "adamwStep",
    "conv3d",
    "conv3dTranspose",
    "depthwiseConv3d",
    "depthwiseConv3dTranspose",
    "gelu",
    "globalResponseNorm",
    "groupNorm",
    "hasV8Flags",
    "invertedBottleneck",
    "layerNorm",
    "memory",
    "pointwiseConv3d",
    "pointwiseConv3dTranspose",
    "probeBackends",
    "regionSums",
    "rematerialize",
    "resetPeakMemory",
    "resizeTrilinear",
    "segmentationSums",
    "setBackend",
    "tf",
    "v8Flags",
    "valueAndGradients",
  ]);
});
