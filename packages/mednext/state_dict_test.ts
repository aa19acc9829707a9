import { assertEquals, assertThrows } from "@std/assert";
import { setBackend } from "@mednext/kernels";
import type { MedNeXtConfig } from "./config.ts";
import { loadStateDict } from "./load_state_dict.ts";
import { parameterShapes } from "./parameter_shapes.ts";
import { readSafetensors } from "./read_safetensors.ts";
import { stateDict } from "./state_dict.ts";
import { StateDictError } from "./state_dict_error.ts";
import { withModel } from "./testdata/with_model.ts";
import { writeSafetensors } from "./write_safetensors.ts";

await setBackend("auto");

const SMALL = { inputChannels: 2, classes: 3, baseChannels: 2, blockCounts: Array(9).fill(1) };

const shapesOf = (config: MedNeXtConfig) => Object.fromEntries(parameterShapes(config));

Deno.test("parameterShapes() gives the release's names, shapes and order", () => {
  const base = { inputChannels: 1, classes: 3, size: "B" } as const;
  const shapes = shapesOf(base);
  const some = {
    "stem.weight": [32, 1, 1, 1, 1],
    "stem.bias": [32],
    "enc_block_0.0.conv1.weight": [32, 1, 3, 3, 3],
    "enc_block_0.0.conv2.weight": [64, 32, 1, 1, 1],
    "down_0.conv2.weight": [96, 32, 1, 1, 1],
    "down_0.conv3.weight": [64, 96, 1, 1, 1],
    "down_0.res_conv.weight": [64, 32, 1, 1, 1],
    "bottleneck.1.conv3.weight": [512, 2048, 1, 1, 1],
    "up_3.conv1.weight": [512, 1, 3, 3, 3],
    "up_3.conv2.weight": [2048, 512, 1, 1, 1],
    "up_3.conv3.weight": [256, 2048, 1, 1, 1],
    "up_3.res_conv.weight": [512, 256, 1, 1, 1],
    "out_0.conv_out.weight": [32, 3, 1, 1, 1],
    "out_0.conv_out.bias": [3],
  };
  for (const [name, shape] of Object.entries(some)) assertEquals(shapes[name], shape, name);
  assertEquals(Object.keys(shapes).slice(0, 12), [
    ...["stem.weight", "stem.bias", "enc_block_0.0.conv1.weight", "enc_block_0.0.conv1.bias"],
    ...["enc_block_0.0.norm.weight", "enc_block_0.0.norm.bias"],
    ...["enc_block_0.0.conv2.weight", "enc_block_0.0.conv2.bias"],
    ...["enc_block_0.0.conv3.weight", "enc_block_0.0.conv3.bias"],
    ...["enc_block_0.1.conv1.weight", "enc_block_0.1.conv1.bias"],
  ]);
});

Deno.test("parameterShapes() puts the response normalisation first in a block, and leaves it out of down_0", () => {
  const names = Object.keys(shapesOf({ ...SMALL, grn: true }));
  assertEquals(names.filter((name) => name.startsWith("down_1.")).slice(0, 3), [
    ...["down_1.grn_beta", "down_1.grn_gamma", "down_1.conv1.weight"],
  ]);
  assertEquals(names.filter((name) => /^down_0\.grn/.test(name)), []);
  assertEquals(shapesOf({ ...SMALL, grn: true })["up_0.grn_gamma"], [1, 8, 1, 1, 1]);
});

Deno.test("parameterShapes() has two spatial axes in 2-D and no res_conv without residuals", () => {
  const shapes = shapesOf({ ...SMALL, dimensions: 2, grn: true, residualResampling: false });
  assertEquals(shapes["up_0.conv1.weight"], [4, 1, 3, 3]);
  assertEquals(shapes["up_0.grn_beta"], [1, 8, 1, 1]);
  assertEquals(shapes["stem.weight"], [2, 2, 1, 1]);
  assertEquals(Object.keys(shapes).filter((name) => name.includes("res_conv")), []);
});

Deno.test("stateDict() has the names and shapes of parameterShapes() and loads into another network", () => {
  for (const options of [{}, { dimensions: 2, grn: true, kernelSize: 5 }] as const) {
    const config = { ...SMALL, ...options };
    withModel({ ...config, seed: 1 }, (one) =>
      withModel({ ...config, seed: 2 }, (two) => {
        const dict = stateDict(one);
        const shapes = [...dict].map(([name, { shape }]) => [name, shape]);
        assertEquals(shapes, [...parameterShapes(config)]);
        const read = readSafetensors(writeSafetensors(dict));
        loadStateDict(two, read);
        assertEquals([...stateDict(two)], [...dict]);
      }));
  }
});

Deno.test("loadStateDict() does not keep or change the arrays of the dict", () => {
  withModel(SMALL, (model) => {
    const dict = stateDict(model);
    const copies = [...dict].map(([name, { data }]) => [name, data.slice()]);
    loadStateDict(model, dict);
    for (const { data } of dict.values()) data.fill(0);
    assertEquals([...stateDict(model)].map(([name, { data }]) => [name, data]), copies);
  });
});

Deno.test("loadStateDict() ignores the release's dummy_tensor", () => {
  withModel(SMALL, (model) => {
    const dict = stateDict(model);
    dict.set("dummy_tensor", { shape: [1], data: new Float32Array([1]) });
    loadStateDict(model, dict);
  });
});

Deno.test("loadStateDict() lists every problem at once and changes nothing", () => {
  withModel(SMALL, (model) => {
    const dict = stateDict(model);
    const before = stateDict(model);
    dict.get("stem.bias")!.data.fill(5);
    dict.delete("down_0.conv1.bias");
    dict.delete("out_0.conv_out.bias");
    dict.set("head.weight", { shape: [1], data: new Float32Array(1) });
    dict.set("stem.weight", { shape: [2, 1, 1, 1, 1], data: new Float32Array(2) });
    dict.set("up_0.norm.bias", { shape: [4], data: new Float32Array(3) });
    const error = assertThrows(() => loadStateDict(model, dict), StateDictError);
    assertEquals(
      error.message,
      "Cannot load the state dict into the network: 5 parameters do not fit\n" +
        "  missing: down_0.conv1.bias\n" +
        "  missing: out_0.conv_out.bias\n" +
        "  unexpected: head.weight\n" +
        "  misshapen: stem.weight: expected [2, 2, 1, 1, 1], found [2, 1, 1, 1, 1]\n" +
        "  misshapen: up_0.norm.bias: expected 4 values for [4], found 3",
    );
    assertEquals(error.missing, ["down_0.conv1.bias", "out_0.conv_out.bias"]);
    assertEquals([...stateDict(model)], [...before]);
  });
});

Deno.test("loadStateDict() passes over other names, but not over other shapes, when not strict", () => {
  withModel(SMALL, (model) => {
    const bias = { shape: [2], data: new Float32Array([3, 4]) };
    loadStateDict(model, new Map([["stem.bias", bias], ["head.bias", bias]]), { strict: false });
    assertEquals(stateDict(model).get("stem.bias"), bias);
    const wrong = new Map([["stem.bias", { shape: [1], data: new Float32Array(1) }]]);
    assertEquals(
      assertThrows(() => loadStateDict(model, wrong, { strict: false }), StateDictError).message,
      "Cannot load the state dict into the network: 1 parameter does not fit\n" +
        "  misshapen: stem.bias: expected [2], found [1]",
    );
  });
});

Deno.test("StateDictError says so when the names are those of MONAI's MedNeXt", () => {
  const error = new StateDictError({
    missing: [],
    unexpected: ["enc_stages.0.0.conv1.weight"],
    misshapen: [],
  });
  assertEquals(
    error.message,
    "Cannot load the state dict into the network: 1 parameter does not fit\n" +
      "  unexpected: enc_stages.0.0.conv1.weight\n" +
      "  the names are those of MONAI's MedNeXt, which is another network in sizes B, M and L",
  );
});
