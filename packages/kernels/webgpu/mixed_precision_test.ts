import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { gelu } from "../ops/gelu.ts";
import { groupNorm } from "../ops/group_norm.ts";
import { invertedBottleneck } from "../ops/inverted_bottleneck.ts";
import { layerNorm } from "../ops/layer_norm.ts";
import { pointwiseConv3d } from "../ops/pointwise_conv3d.ts";
import { setBackend } from "../set_backend.ts";
import { tf } from "../tf.ts";
import type { DeviceBackend } from "./backend.ts";
import { canFuse } from "./kernels/fused_bottleneck.ts";
import type { Precision } from "../precision.ts";
import { registerWebgpuBackend } from "./register.ts";

/** Most that rounding both factors to 11 bits can change a product, relative to it, and what float32 adds. */
const TWO_FACTORS = 2 ** -10 + 2 ** -20;
/** Of the largest output of a bottleneck, whose factors are rounded in two products; 4.0e-4 was measured. */
const BOTTLENECK = 8e-4;
/** The same factors, rounded in float32 just before: one that lies between two float16 may fall to the other; 1e-4 was measured. */
const NEIGHBOURS = 3e-4;

/** Why there can be no test; empty where there is a device with float16. */
const missing = await registerWebgpuBackend({ precision: "mixed" })
  .then(() => "", (error: Error) => ` (ignored: ${error.message})`);

/** A test of the device that begins with mixed precision. */
function testMixed(name: string, test: (backend: DeviceBackend) => void | Promise<void>): void {
  Deno.test({
    name: name + missing,
    ignore: missing !== "",
    fn: async () => {
      await setBackend("webgpu");
      await registerWebgpuBackend({ precision: "mixed" });
      try {
        await test(tf.backend() as unknown as DeviceBackend);
      } finally {
        await registerWebgpuBackend();
      }
    },
  });
}

/** The values of what is computed in a precision. */
async function valuesIn(
  precision: Precision,
  run: () => tf.Tensor | tf.Tensor[],
): Promise<Float32Array[]> {
  await setBackend("webgpu");
  await registerWebgpuBackend({ precision });
  return valuesOf(run);
}

function valuesOf(run: () => tf.Tensor | tf.Tensor[]): Float32Array[] {
  return tf.tidy(() => [run()].flat().map((each) => each.dataSync() as Float32Array));
}

/** Tensors of one seed each, the same on every backend. */
function random(shapes: number[][]): tf.Tensor[] {
  return shapes.map((shape, seed) => {
    const deviation = shape.length === 2 ? shape[0] ** -0.5 : 1;
    return tf.randomNormal(shape, 0.1, deviation, "float32", seed + 1);
  });
}

/** Rounded to float16 by JavaScript. */
function rounded(x: tf.Tensor): tf.Tensor {
  return tf.tensor((x.dataSync() as Float32Array).map(Math.f16round), x.shape as number[]);
}

/** The largest difference, relative to the largest value. */
function relativeError(actual: Float32Array, expected: Float32Array): number {
  const largest = (values: Float32Array) =>
    values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return largest(expected.map((value, i) => actual[i] - value)) / largest(expected);
}

/** Sizes that no tile divides, and tiles of every width. */
const PRODUCTS: [volume: number[], channels: number, outputs: number][] = [
  [[2, 3, 4, 5], 37, 70],
  [[1, 5, 6, 11], 3, 3],
  [[1, 4, 5, 6], 130, 33],
  [[1, 1, 1, 3], 64, 128],
];

for (const [volume, channels, outputs] of PRODUCTS) {
  const name = `[${[...volume, channels]}] to ${outputs} channels`;
  testMixed(`mixed pointwiseConv3d() equals float16 factors in float32 for ${name}`, async () => {
    const shapes = [[...volume, channels], [channels, outputs], [outputs]];
    const product = ([x, filter, bias]: tf.Tensor[]) => pointwiseConv3d(x, filter, { bias });
    const run = () => product(random(shapes));
    const [actual] = valuesOf(run);
    const [float32] = await valuesIn("float32", run);
    assertNotEquals(actual, float32);
    await setBackend("cpu");
    const [exact] = valuesOf(run);
    const [expected] = valuesOf(() => {
      const [x, filter, bias] = random(shapes);
      return product([rounded(x), rounded(filter), bias]);
    });
    const [products] = valuesOf(() => product(random(shapes).map((each) => tf.abs(each))));
    actual.forEach((value, i) => {
      assert(
        Math.abs(value - exact[i]) <= TWO_FACTORS * products[i],
        `${i}: ${value}, ${exact[i]}`,
      );
      // Drivers round to the nearest as JavaScript does; WebGPU would let them take the other neighbour.
      assert(Math.abs(value - expected[i]) <= 2e-6 * products[i], `${i}: ${value}, ${expected[i]}`);
    });
  });
}

/** In one pass, and in slices. */
const BOTTLENECKS: [volume: number[], channels: number, expanded: number, outputs: number][] = [
  [[2, 3, 4, 5], 5, 13, 3],
  [[1, 3, 5, 7], 33, 70, 70],
  [[1, 2, 3, 4], 65, 130, 128],
  [[2, 2, 3, 3], 5, 20, 130],
];

/** Six weights or volumes after x, as `invertedBottleneck()` takes them. */
function bottleneck(
  [x, gamma, beta, expand, expandBias, compress, bias, residual]: tf.Tensor[],
  norm: "group" | "layer",
): tf.Tensor {
  return invertedBottleneck(x, {
    norm: { gamma, beta },
    expand: { filter: expand, bias: expandBias },
    compress: { filter: compress, bias },
  }, { norm, residual });
}

function bottleneckShapes(
  [volume, channels, expanded, outputs]: typeof BOTTLENECKS[number],
): number[][] {
  return [
    ...[[...volume, channels], [channels], [channels]],
    ...[[channels, expanded], [expanded], [expanded, outputs], [outputs]],
    [...volume, outputs],
  ];
}

for (const norm of ["group", "layer"] as const) {
  for (const sizes of BOTTLENECKS) {
    const [, channels, expanded, outputs] = sizes;
    const name = `${norm} norm, ${channels} to ${expanded} to ${outputs} channels`;
    testMixed(`mixed invertedBottleneck() equals cpu within 11 bits, ${name}`, async () => {
      const run = () => bottleneck(random(bottleneckShapes(sizes)), norm);
      const [actual] = valuesOf(run);
      const [float32] = await valuesIn("float32", run);
      assertNotEquals(actual, float32);
      await setBackend("cpu");
      const [exact] = valuesOf(run);
      const [expected] = valuesOf(() => {
        const [x, gamma, beta, expand, expandBias, compress, bias, residual] = random(
          bottleneckShapes(sizes),
        );
        const normalise = norm === "group" ? groupNorm : layerNorm;
        const normalised = rounded(normalise(x, gamma, beta));
        const inner = gelu(pointwiseConv3d(normalised, rounded(expand), { bias: expandBias }));
        return tf.add(
          pointwiseConv3d(rounded(inner), rounded(compress), { bias }),
          residual,
        );
      });
      const error = relativeError(actual, exact);
      assert(error < BOTTLENECK, `${error}`);
      const difference = relativeError(actual, expected);
      assert(difference < NEIGHBOURS, `${difference} from float16 factors`);
    });
  }
}

testMixed("mixed gradients of one operation are float32's, to the byte", async () => {
  const shapes = bottleneckShapes(BOTTLENECKS[0]);
  const last = shapes[7];
  // As small as gradients are: in float16 all of them would be 0.
  const dy = () => tf.randomNormal(last, 0, 1e-9, "float32", 99);
  const product = (...[x, filter, bias]: tf.Tensor[]) => pointwiseConv3d(x, filter, { bias });
  const run = () => [
    ...tf.grads((...inputs) => bottleneck(inputs, "group"))(random(shapes), dy()),
    ...tf.grads(product)(random([shapes[0], [5, last[4]], [last[4]]]), dy()),
  ];
  const actual = valuesOf(run);
  assertEquals(actual.every((gradient) => gradient.some((value) => value !== 0)), true);
  assertEquals(actual, await valuesIn("float32", run));
});

testMixed("what was mixed is float32 again, to the byte, after a change back", async (backend) => {
  const shapes = bottleneckShapes(BOTTLENECKS[1]);
  const run = () => bottleneck(random(shapes), "group");
  const before = await valuesIn("float32", run);
  const mixed = await valuesIn("mixed", run);
  assertNotEquals(mixed, before);
  assertEquals(await valuesIn("float32", run), before);
  assertEquals(await valuesIn("mixed", run), mixed);
  await setBackend("webgpu");
  assertEquals(backend.precision, "float32");
  assertEquals(valuesOf(run), before);
});

Deno.test("canFuse() fits 64 channels in mixed precision into the 16 KiB that every device has", () => {
  const limits = { maxComputeWorkgroupStorageSize: 2 ** 14, maxStorageBuffersPerShaderStage: 16 };
  const device = { limits } as GPUDevice;
  assertEquals(canFuse({ device, precision: "float32" }, 64), false);
  assertEquals(canFuse({ device, precision: "mixed" }, 64), true);
  assertEquals(canFuse({ device, precision: "mixed" }, 129), false);
  const few = { limits: { ...limits, maxStorageBuffersPerShaderStage: 8 } } as GPUDevice;
  assertEquals(canFuse({ device: few, precision: "mixed" }, 64), false);
});
