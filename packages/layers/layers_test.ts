import { assert, assertEquals, assertThrows } from "@std/assert";
import { setBackend, tf } from "@mednext/kernels";
import * as layers from "./mod.ts";

await setBackend("cpu");

type Layer = tf.layers.Layer;

/** Each layer with settings that differ from the defaults. */
const LAYERS: Record<string, () => Layer> = {
  DepthwiseConv3D: () =>
    new layers.DepthwiseConv3D({
      kernelSize: [1, 3, 5],
      strides: [1, 2, 2],
      padding: [0, 1, 1],
      seed: 3,
    }),
  DepthwiseConv3DTranspose: () =>
    new layers.DepthwiseConv3DTranspose({ kernelSize: 5, strides: [2, 1, 2], useBias: false }),
  PointwiseConv3D: () => new layers.PointwiseConv3D({ filters: 5, strides: [1, 2, 2], seed: 4 }),
  PointwiseConv3DTranspose: () => new layers.PointwiseConv3DTranspose({ filters: 3, strides: 2 }),
  GroupNormalization: () => new layers.GroupNormalization({ epsilon: 1e-3 }),
  ChannelNormalization: () => new layers.ChannelNormalization({ epsilon: 1e-3 }),
  GlobalResponseNormalization: () => new layers.GlobalResponseNormalization({ epsilon: 1e-3 }),
  Gelu: () => new layers.Gelu(),
};

const input = () => tf.randomUniform([2, 3, 6, 5, 4], -1, 1, "float32", 7);

for (const [name, make] of Object.entries(LAYERS)) {
  Deno.test(`${name} gives the shape that it announces`, () => {
    tf.tidy(() => {
      const layer = make();
      const x = input();
      const y = layer.apply(x) as tf.Tensor;
      assertEquals(layer.computeOutputShape(x.shape), y.shape);
      const unknown = layer.computeOutputShape([null, null, null, null, 4]) as unknown[];
      assertEquals(unknown, [null, null, null, null, y.shape[4]]);
      layer.dispose();
    });
  });

  Deno.test(`${name} survives getConfig() and fromConfig()`, () => {
    const layer = make();
    const Class = layer.constructor as unknown as {
      className: string;
      fromConfig: (type: unknown, config: tf.serialization.ConfigDict) => Layer;
    };
    assertEquals(Class.className, name);
    const config = JSON.parse(JSON.stringify(layer.getConfig()));
    const copy = Class.fromConfig(Class, config);
    assertEquals(JSON.parse(JSON.stringify(copy.getConfig())), config);
  });

  Deno.test(`${name} survives TensorFlow.js's own saving inside a model`, async () => {
    const first = new layers.PointwiseConv3D({ filters: 4, inputShape: [4, 4, 4, 2], seed: 1 });
    const model = tf.sequential({ layers: [first, make()] });
    let saved: Parameters<typeof tf.io.fromMemory>[0] | undefined;
    await model.save(tf.io.withSaveHandler((artifacts) => {
      saved = artifacts as typeof saved;
      return Promise.resolve({
        modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" as const },
      });
    }));
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved!));
    tf.tidy(() => {
      const x = tf.randomUniform([1, 4, 4, 4, 2], -1, 1, "float32", 2);
      const [one, two] = [model, loaded].map((each) => each.apply(x) as tf.Tensor);
      assertEquals(two.dataSync(), one.dataSync());
    });
    model.dispose();
    loaded.dispose();
  });

  Deno.test(`${name} trains every weight it has and leaves no tensor behind`, () => {
    const before = tf.memory().numTensors;
    const layer = make();
    const x = input();
    // Its square, so that no gradient is zero by symmetry.
    const loss = () => tf.sum(tf.square(tf.add(layer.apply(x) as tf.Tensor, 0.5))) as tf.Scalar;
    tf.tidy(() => void loss());
    const variables = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
    if (variables.length > 0) {
      const { value, grads } = tf.variableGrads(loss, variables);
      for (const variable of variables) {
        const largest = Math.max(...grads[variable.name].dataSync().map(Math.abs));
        assert(largest > 0, variable.name);
      }
      tf.dispose([value, ...Object.values(grads)]);
    }
    x.dispose();
    layer.dispose();
    assertEquals(tf.memory().numTensors, before);
  });
}

Deno.test("layers compute what their operations compute, in PyTorch's order of weights", () => {
  tf.tidy(() => {
    const x = tf.tensor5d([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 2, 2, 1]);
    const layer = new layers.DepthwiseConv3D({ kernelSize: 3 });
    layer.apply(x);
    const kernel = tf.range(0, 27).reshape([3, 3, 3, 1]);
    layer.setWeights([kernel, tf.tensor1d([100])]);
    const y = layer.apply(x) as tf.Tensor;
    // Voxel (0, 0, 0) meets the taps from the centre, 13, to the last corner, 26.
    const taps = [13, 14, 16, 17, 22, 23, 25, 26];
    const expected = taps.reduce((sum, tap, i) => sum + tap * (i + 1), 100);
    assertEquals(y.dataSync()[0], expected);
    layer.dispose();
  });
});

Deno.test("layers draw the bounds of PyTorch's convolutions", () => {
  tf.tidy(() => {
    const x = tf.zeros([1, 1, 1, 1, 64]);
    const cases: [Layer, number][] = [
      [new layers.DepthwiseConv3D({ kernelSize: 3 }), 27],
      [new layers.DepthwiseConv3DTranspose({ kernelSize: 5 }), 125],
      [new layers.PointwiseConv3D({ filters: 16 }), 64],
      [new layers.PointwiseConv3DTranspose({ filters: 16 }), 16],
    ];
    for (const [layer, fanIn] of cases) {
      layer.apply(x);
      for (const weight of layer.getWeights()) {
        const largest = Math.max(...weight.dataSync().map(Math.abs)) * Math.sqrt(fanIn);
        assert(largest <= 1 && largest > 0.8, `${layer.getClassName()}: ${largest}`);
      }
      layer.dispose();
    }
  });
});

Deno.test("layers refuse settings that cannot be", () => {
  const message = (make: () => unknown) => assertThrows(make, RangeError).message;
  assertEquals(
    message(() => new layers.DepthwiseConv3D({ kernelSize: 4 })),
    "Cannot create DepthwiseConv3D as 'kernelSize' must be one or three odd integers from 1 to 7: " +
      "current value is 4",
  );
  assertEquals(
    message(() => new layers.DepthwiseConv3DTranspose({ kernelSize: 3, strides: [1, 2] })),
    "Cannot create DepthwiseConv3DTranspose as 'strides' must be one or three integers from 1 to 2: " +
      "current value is [1,2]",
  );
  assertEquals(
    message(() => new layers.PointwiseConv3D({ filters: 0 })),
    "Cannot create PointwiseConv3D as 'filters' must be a positive integer: current value is 0",
  );
  assertEquals(
    message(() => new layers.GroupNormalization({ epsilon: 0 })),
    "Cannot create GroupNormalization as 'epsilon' must be a positive number: current value is 0",
  );
  assertEquals(
    message(() => new layers.GroupNormalization().build([null, 4, 4, 4, null])),
    "Cannot build GroupNormalization: expected a known number of channels, found null",
  );
  assertEquals(
    message(() => new layers.PointwiseConv3D({ filters: 2 }).build([null, 4, 4, 2])),
    "Cannot build PointwiseConv3D: expected an input [N, D, H, W, C], found 4 axes",
  );
});
