import { assertEquals } from "@std/assert";
import { describeAdapter } from "./adapter.ts";

function adapter(info: Partial<GPUAdapterInfo>): GPUAdapter {
  const none = { vendor: "", architecture: "", device: "", description: "" };
  return { info: { ...none, isFallbackAdapter: false, ...info } } as GPUAdapter;
}

Deno.test("describeAdapter() takes the description for the name, or what there is", () => {
  const description = "NVIDIA H100 80GB HBM3";
  assertEquals(describeAdapter(adapter({ description, vendor: "4318" })), {
    name: description,
    software: false,
  });
  assertEquals(describeAdapter(adapter({ vendor: "apple" })).name, "apple");
  assertEquals(describeAdapter(adapter({})).name, "unnamed adapter");
});

Deno.test("describeAdapter() knows what computes on the processor by flag and by name", () => {
  for (
    const info of [
      { description: "llvmpipe (LLVM 15.0.6, 256 bits)" },
      { description: "SwiftShader Device (Subzero)" },
      { architecture: "swiftshader" },
      { device: "Microsoft Basic Render Driver" },
      { description: "Some GPU", isFallbackAdapter: true },
    ]
  ) assertEquals(describeAdapter(adapter(info)).software, true, JSON.stringify(info));
  for (const description of ["AMD Radeon RX 7900 XTX (RADV NAVI31)", "Intel(R) Arc(tm) A770"]) {
    assertEquals(describeAdapter(adapter({ description })).software, false, description);
  }
});
