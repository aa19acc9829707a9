import { assertEquals, assertNotStrictEquals, assertThrows } from "@std/assert";
import { formatReport } from "./format_report.ts";
import type { StateDict } from "./state_dict.ts";
import { upkern } from "./upkern.ts";
import { UpKernError } from "./upkern_error.ts";

function state(shapes: Record<string, number[]>): StateDict {
  return new Map(
    Object.entries(shapes).map(([name, shape]) => {
      const count = shape.reduce((a, b) => a * b, 1);
      return [name, { shape, data: Float32Array.from({ length: count }, (_, i) => i) }];
    }),
  );
}

const SMALL = {
  "stem.weight": [2, 1, 1, 1, 1],
  "enc_block_0.0.conv1.weight": [2, 1, 3, 3, 3],
  "enc_block_0.0.conv1.bias": [2],
  "up_0.conv1.weight": [4, 1, 3, 3, 3],
};
const LARGE = {
  ...SMALL,
  "enc_block_0.0.conv1.weight": [2, 1, 7, 7, 7],
  "up_0.conv1.weight": [4, 1, 5, 5, 5],
};

Deno.test("upkern() copies equal shapes and resizes depthwise kernels", () => {
  const small = state(SMALL);
  const { state: started, report } = upkern(small, state(LARGE));
  assertEquals([...started.keys()], Object.keys(LARGE));
  assertEquals([...started.values()].map(({ shape }) => shape), Object.values(LARGE));
  assertEquals(started.get("stem.weight"), small.get("stem.weight"));
  assertNotStrictEquals(started.get("stem.weight")!.data, small.get("stem.weight")!.data);
  assertEquals(report, {
    copied: [
      { name: "stem.weight", shape: [2, 1, 1, 1, 1] },
      { name: "enc_block_0.0.conv1.bias", shape: [2] },
    ],
    resized: [
      { name: "enc_block_0.0.conv1.weight", from: [2, 1, 3, 3, 3], to: [2, 1, 7, 7, 7] },
      { name: "up_0.conv1.weight", from: [4, 1, 3, 3, 3], to: [4, 1, 5, 5, 5] },
    ],
  });
  assertEquals(
    formatReport(report),
    "2 kernels resized, 2 parameters copied\n" +
      "resized  enc_block_0.0.conv1.weight  [2, 1, 3, 3, 3] -> [2, 1, 7, 7, 7]\n" +
      "resized  up_0.conv1.weight           [4, 1, 3, 3, 3] -> [4, 1, 5, 5, 5]\n" +
      "copied   stem.weight                 [2, 1, 1, 1, 1]\n" +
      "copied   enc_block_0.0.conv1.bias    [2]",
  );
});

Deno.test("upkern() takes values from the small network alone and leaves both as they were", () => {
  const small = state({ "conv1.weight": [1, 1, 3, 3] });
  const large = state({ "conv1.weight": [1, 1, 5, 5] });
  const { data } = upkern(small, large).state.get("conv1.weight")!;
  assertEquals([data[0], data[12], data[24]], [0, 4, 8]);
  assertEquals(large.get("conv1.weight")!.data[24], 24);
  assertEquals(small.get("conv1.weight")!.shape, [1, 1, 3, 3]);
});

Deno.test("upkern() ignores the dummy_tensor of either network", () => {
  const dummy = { dummy_tensor: [1] };
  for (const [a, b] of [[dummy, {}], [{}, dummy], [dummy, dummy]]) {
    const { state: started } = upkern(state({ ...SMALL, ...a }), state({ ...LARGE, ...b }));
    assertEquals([...started.keys()], Object.keys(LARGE));
  }
});

Deno.test("upkern() lists every missing, unexpected and misshapen parameter when several differ", () => {
  const small = state({
    "stem.weight": [2, 2, 1, 1, 1],
    "out_0.conv_out.weight": [2, 3, 1, 1, 1],
    "a.conv1.weight": [4, 1, 3, 3, 3],
    "b.conv1.weight": [2, 1, 5, 5, 5],
    "c.conv1.weight": [2, 1, 3, 3, 3],
    "d.conv1.weight": [2, 2, 3, 3, 3],
  });
  const large = state({
    "stem.weight": [2, 1, 1, 1, 1],
    "stem.bias": [2],
    "a.conv1.weight": [2, 1, 5, 5, 5],
    "b.conv1.weight": [2, 1, 3, 3, 3],
    "c.conv1.weight": [2, 1, 4, 4, 4],
    "d.conv1.weight": [2, 2, 5, 5, 5],
  });
  const error = assertThrows(() => upkern(small, large), UpKernError);
  assertEquals(
    error.message,
    "Cannot start the large-kernel network from the small-kernel one: 7 parameters do not fit\n" +
      "  missing from the small network: stem.bias\n" +
      "  unexpected in the small network: out_0.conv_out.weight\n" +
      "  misshapen: stem.weight: [2, 2, 1, 1, 1] in the small network, [2, 1, 1, 1, 1] in the large one; " +
      "only depthwise kernels are resized\n" +
      "  misshapen: a.conv1.weight: [4, 1, 3, 3, 3] in the small network, [2, 1, 5, 5, 5] in the large one; " +
      "the channels differ\n" +
      "  misshapen: b.conv1.weight: [2, 1, 5, 5, 5] in the small network, [2, 1, 3, 3, 3] in the large one; " +
      "a kernel does not shrink\n" +
      "  misshapen: c.conv1.weight: [2, 1, 3, 3, 3] in the small network, [2, 1, 4, 4, 4] in the large one; " +
      "the sizes must be odd\n" +
      "  misshapen: d.conv1.weight: [2, 2, 3, 3, 3] in the small network, [2, 2, 5, 5, 5] in the large one; " +
      "a depthwise kernel is [c, 1, k, k, k] or [c, 1, k, k]",
  );
  assertEquals(error.missing, ["stem.bias"]);
  assertEquals(error.unexpected, ["out_0.conv_out.weight"]);
  assertEquals(error.misshapen.length, 5);
});

Deno.test("upkern() refuses a parameter whose values do not fill its shape", () => {
  const small: StateDict = new Map([["stem.bias", { shape: [4], data: new Float32Array(3) }]]);
  const error = assertThrows(() => upkern(small, state({ "stem.bias": [4] })), UpKernError);
  assertEquals(
    error.message,
    "Cannot start the large-kernel network from the small-kernel one: 1 parameter does not fit\n" +
      "  misshapen: stem.bias: the small network's shape [4] needs 4 values, found 3",
  );
});
