import { assertEquals } from "@std/assert";
import * as layers from "./mod.ts";

const NAMES = [
  "ChannelNormalization",
  "DepthwiseConv3D",
  "DepthwiseConv3DTranspose",
  "Gelu",
  "GlobalResponseNormalization",
  "GroupNormalization",
  "PointwiseConv3D",
  "PointwiseConv3DTranspose",
  "fanInUniform",
  "invertedBottleneck",
];

Deno.test("mod.ts exports these names and no others", () => {
  assertEquals(Object.keys(layers).toSorted(), NAMES);
});
