import { assert, assertEquals, assertThrows } from "@std/assert";
import { setBackend, tf } from "@mednext/kernels";
import { createMedNeXt } from "./create_mednext.ts";
import { modelConfig } from "./model_config.ts";
import { parameterCount } from "./parameter_count.ts";
import { resolveConfig } from "./resolve_config.ts";
import { stateDict } from "./state_dict.ts";
import { withModel } from "./testdata/with_model.ts";

await setBackend("auto");

const SMALL = { inputChannels: 1, classes: 2, baseChannels: 2, blockCounts: Array(9).fill(1) };

Deno.test("createMedNeXt() names its layers as the release names its modules", () => {
  withModel(
    { ...SMALL, deepSupervision: true, blockCounts: [1, 1, 1, 2, 1, 1, 1, 1, 2] },
    (model) => {
      assertEquals(
        model.layers.map(({ name }) => name).toSorted(),
        [
          ...[
            "input",
            "stem",
            "enc_block_0.0",
            "down_0",
            "enc_block_1.0",
            "down_1",
            "enc_block_2.0",
          ],
          ...["down_2", "enc_block_3.0", "enc_block_3.1", "down_3", "bottleneck.0"],
          ...["up_3", "skip_3", "dec_block_3.0", "up_2", "skip_2", "dec_block_2.0"],
          ...[
            "up_1",
            "skip_1",
            "dec_block_1.0",
            "up_0",
            "skip_0",
            "dec_block_0.0",
            "dec_block_0.1",
          ],
          ...["out_0", "out_1", "out_2", "out_3", "out_4"],
        ].toSorted(),
      );
    },
  );
});

Deno.test("createMedNeXt() prints a table with a row for each block when summarised", () => {
  withModel(SMALL, (model) => {
    const lines: string[] = [];
    model.summary(undefined, undefined, (line) => lines.push(line));
    for (const name of ["stem", "enc_block_0.0", "down_0", "bottleneck.0", "up_0", "out_0"]) {
      assert(lines.some((line) => line.startsWith(`${name} (MedNeXt`)), name);
    }
    assert(lines.includes(`Total params: ${parameterCount(SMALL)}`));
  });
});

for (const size of ["S", "B", "M", "L"] as const) {
  Deno.test(`createMedNeXt() has the parameters that are counted when made in size ${size}`, () => {
    const config = { ...SMALL, blockCounts: undefined, size, kernelSize: 5 };
    withModel(config, (model) => {
      assertEquals(model.countParams(), parameterCount(config));
      assertEquals(modelConfig(model), resolveConfig(config));
    });
  });
}

Deno.test("createMedNeXt() refuses an input before any work when its size does not fit", () => {
  withModel(SMALL, (model) => {
    const x = tf.zeros([1, 40, 16, 32, 1]);
    const message = "Cannot run the network on an input of [1, 40, 16, 32, 1] (N, D, H, W, C): " +
      "expected multiples of 16, found D is 40 (nearest: 32 or 48)";
    assertEquals(assertThrows(() => model.predict(x), RangeError).message, message);
    assertEquals(assertThrows(() => model.apply(x), RangeError).message, message);
    x.dispose();
  });
});

Deno.test("createMedNeXt() gives the same bytes when made with the same seed, and others with another", () => {
  const values = (seed: number) => {
    let weights: number[] = [];
    withModel({ ...SMALL, seed }, (model) => {
      weights = [...stateDict(model).values()].flatMap(({ data }) => [...data]);
    });
    return weights;
  };
  const first = values(3);
  assertEquals(values(3), first);
  assert(values(4).some((value, i) => value !== first[i]));
});

Deno.test("createMedNeXt() starts as PyTorch does: uniform in ±1/√fan-in, norms at one and zero", () => {
  withModel({ ...SMALL, baseChannels: 16, grn: true }, (model) => {
    const dict = stateDict(model);
    const bounds = {
      "stem.bias": 1,
      "enc_block_0.0.conv1.weight": 27,
      "enc_block_0.0.conv2.weight": 16,
      "enc_block_0.0.conv3.bias": 32,
      "up_3.conv1.weight": 27,
      "up_3.res_conv.weight": 128,
      "out_0.conv_out.weight": 2,
    };
    for (const [name, fanIn] of Object.entries(bounds)) {
      const { data } = dict.get(name)!;
      const largest = Math.max(...data.map(Math.abs)) * Math.sqrt(fanIn);
      assert(largest <= 1 && largest > 0.75, `${name}: ${largest} of the bound`);
      // The standard error of a mean of n uniform numbers is bound / √(3n).
      const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
      assert(
        Math.abs(mean) * Math.sqrt(fanIn) < 4 / Math.sqrt(3 * data.length),
        `${name}: ${mean}`,
      );
    }
    assertEquals(new Set(dict.get("down_1.norm.weight")!.data), new Set([1]));
    for (const name of ["down_1.norm.bias", "up_0.grn_gamma", "up_0.grn_beta"]) {
      assertEquals(new Set(dict.get(name)!.data), new Set([0]));
    }
    assert(!dict.has("down_0.grn_gamma"));
  });
});

Deno.test("createMedNeXt() leaves no tensor behind when it predicts, trains a step and is disposed", () => {
  const before = tf.memory().numTensors;
  for (const options of [{}, { rematerialize: true, grn: true, deepSupervision: true }]) {
    const model = createMedNeXt({ ...SMALL, ...options });
    const weights = tf.memory().numTensors - before;
    const x = tf.ones([1, 16, 32, 16, 1]);
    tf.dispose(model.predict(x));
    assertEquals(tf.memory().numTensors - before, weights + 1);
    const { value, grads } = tf.variableGrads(() => {
      const output = model.apply(x) as tf.Tensor | tf.Tensor[];
      return tf.mean(tf.square(Array.isArray(output) ? output[0] : output)) as tf.Scalar;
    }, model.layers[1].trainableWeights.map((weight) => weight.read() as tf.Variable));
    tf.dispose([x, value, ...Object.values(grads)]);
    assertEquals(tf.memory().numTensors - before, weights);
    model.dispose();
    assertEquals(tf.memory().numTensors, before);
  }
});

Deno.test("createMedNeXt() makes networks that move to another backend with their weights", async () => {
  await setBackend("cpu");
  const model = createMedNeXt(SMALL);
  const x = tf.randomUniform([1, 16, 16, 32, 1], -1, 1, "float32", 5);
  const run = () => tf.tidy(() => (model.apply(x) as tf.Tensor).dataSync());
  const expected = run();
  await setBackend("wasm");
  run().forEach((value, i) => assert(Math.abs(value - expected[i]) < 1e-5));
  x.dispose();
  model.dispose();
  await setBackend("auto");
});

Deno.test("modelConfig() refuses a model of another kind", () => {
  const model = tf.sequential({
    name: "other",
    layers: [tf.layers.dense({ units: 1, inputShape: [1] })],
  });
  assertEquals(
    assertThrows(() => modelConfig(model), TypeError).message,
    "Cannot read the settings of the model 'other': it was not made by createMedNeXt",
  );
  model.dispose();
});
