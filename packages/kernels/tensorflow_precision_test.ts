import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { invertedBottleneck } from "./ops/inverted_bottleneck.ts";
import { pointwiseConv3d } from "./ops/pointwise_conv3d.ts";
import { probeBackends } from "./probe_backends.ts";
import { setBackend, type SetBackendOptions } from "./set_backend.ts";
import { tf } from "./tf.ts";

/**
 * ‖mixed - cpu‖ / ‖cpu‖ of a product. Rounding to 8 bits is off by up to 2^-8 of a number, 0.0017 in the root of the mean
 * square; both operands and the result are rounded, which comes to √3 of that however deep the sum. Measured: 0.0029.
 */
const PRODUCT = 2 ** -8;
/** The same of the bottleneck, where what comes out of one product goes into others. Measured: up to 0.0073. */
const BOTTLENECK = 0.01;

const MIXED: SetBackendOptions = { precision: "mixed" };

const reason = await setBackend("tensorflow", MIXED).then(
  () => "",
  (error: Error) => ` (ignored: ${error.message})`,
);

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: name + reason, ignore: reason !== "", fn });
}

interface Operation {
  shapes: number[][];
  run: (inputs: tf.Tensor[]) => tf.Tensor;
}

/** A volume of 6³ voxels whose 24 channels become 48, and 24 again. */
const X = [2, 6, 6, 6, 24];
const POINTWISE: Operation = {
  shapes: [X, [24, 48], [48]],
  run: ([x, filter, bias]) => pointwiseConv3d(x, filter, { bias }),
};
const INVERTED: Operation = {
  shapes: [X, [24], [24], [24, 48], [48], [48, 24], [24]],
  run: ([x, gamma, beta, expand, expandBias, compress, compressBias]) =>
    invertedBottleneck(x, {
      norm: { gamma, beta },
      expand: { filter: expand, bias: expandBias },
      compress: { filter: compress, bias: compressBias },
    }),
};

/** The output and the gradients of all inputs, for a random gradient of the output. */
function evaluate({ shapes, run }: Operation): Float32Array[] {
  return tf.tidy(() => {
    const random = (shape: number[], seed: number) =>
      tf.randomNormal(shape, 0, 1, "float32", seed + 1);
    const inputs = shapes.map(random);
    const y = run(inputs);
    const gradients = tf.grads((...given) => run(given))(inputs, random(y.shape, 99));
    return [y, ...gradients].map((each) => each.dataSync() as Float32Array);
  });
}

function relativeError(actual: Float32Array, expected: Float32Array): number {
  return Math.hypot(...actual.map((v, i) => v - expected[i])) / Math.hypot(...expected);
}

for (
  const [name, operation, tolerance] of [
    ["pointwiseConv3d", POINTWISE, PRODUCT],
    ["invertedBottleneck", INVERTED, BOTTLENECK],
  ] as const
) {
  test(`${name}() in mixed precision is off by what 8 bits are, and its gradients are`, async () => {
    await setBackend("cpu");
    const truth = evaluate(operation);
    await setBackend("tensorflow", MIXED);
    const errors = evaluate(operation).map((values, i) => relativeError(values, truth[i]));
    errors.forEach((error, i) => assert(error <= tolerance, `${i}: ${error}`));
    // Float32 is off by less than a thousandth of that.
    assert(errors[0] > PRODUCT / 2, `${errors[0]}`);
  });

  test(`${name}() has the bytes of float32 again when the precision is float32 again`, async () => {
    await setBackend("tensorflow");
    const before = evaluate(operation);
    await setBackend("tensorflow", MIXED);
    const mixed = evaluate(operation);
    // What looks at the machine changes nothing.
    await probeBackends();
    assertEquals(evaluate(operation), mixed);
    assertNotEquals(mixed, before);
    await setBackend("tensorflow");
    assertEquals(evaluate(operation), before);
  });
}
