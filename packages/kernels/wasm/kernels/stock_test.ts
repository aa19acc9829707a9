// The operations of TensorFlow.js that have a form of their own in the wasm backend, above the size where it is taken, and
// cases that must fall back.
import { assert, assertEquals } from "@std/assert";
import { tf } from "../../tf.ts";
import { registerWasmBackend } from "../register.ts";

type Operation = (x: tf.Tensor, y: tf.Tensor) => tf.Tensor;

const OPERATIONS: Record<string, Operation> = {
  "add": (x, y) => tf.add(x, y),
  "add of a bias": (x, y) => tf.add(x, y.slice([0, 0, 0, 0, 0], [1, 1, 1, 1, 7]).flatten()),
  "add to a bias": (x, y) => tf.add(y.slice([0, 0, 0, 0, 0], [1, 1, 1, 1, 7]).flatten(), x),
  "add of a vector of one": (x) => tf.add(x, tf.tensor1d([2.5])),
  "add of a channel vector": (x, y) => tf.add(x, y.slice([0, 0, 0, 0, 0], [1, 1, 1, 1, 7])),
  "add of int32": (x, y) => tf.add(x.toInt(), y.toInt()),
  "add of float32 and int32": (x, y) => tf.add(x, y.toInt()),
  "sub": (x, y) => tf.sub(x, y),
  "mul": (x, y) => tf.mul(x, y),
  "mul by a scalar": (x) => tf.mul(x, 3),
  "mul of a scalar": (x) => tf.mul(tf.tensor([0.3], [1, 1, 1]), x),
  "mul by a scalar of higher rank": (x) => tf.mul(x, tf.ones([1, 1, 1, 1, 1, 1])),
  "mul of a channel vector": (x, y) => tf.mul(x, y.slice([0, 0, 0, 0, 0], [1, 1, 1, 1, 7])),
  "addN": (x, y) => tf.addN([x, y, x, y, y]),
  "addN of one": (x) => tf.addN([x]),
  "square": (x) => tf.square(x),
  "softmax": (x) => tf.softmax(x),
  "softmax of large logits": (x) => tf.softmax(x.mul(50)),
  "sum": (x) => tf.sum(x),
  "sum with its axes": (x) => tf.sum(x, null as unknown as number[], true),
  "sum over the volume": (x) => tf.sum(x, [1, 2, 3]),
  "sum of each channel": (x) => tf.sum(x, [0, 1, 2, 3]),
  "sum of each channel with its axes": (x) => tf.sum(x, [3, 1, 2, 0], true),
  "sum of columns": (x) => tf.sum(x.reshape([240, 7]), 0),
  "sum of channels": (x) => tf.sum(x, -1),
  "sum of channels with their axis": (x) => tf.sum(x, 4, true),
  "sum of one long row": (x) => tf.sum(x.flatten()),
  "mean": (x) => tf.mean(x),
  "mean of channels": (x) => tf.mean(x, -1),
  "max of channels": (x) => tf.max(x, -1),
  "max of channels with their axis": (x) => tf.max(x, 4, true),
  "max": (x) => tf.max(x),
  "pad": (x) => tf.pad(x, [[0, 0], [1, 0], [0, 2], [3, 1], [0, 0]]),
  "pad with a constant": (x) => tf.pad(x, [[1, 0], [1, 0], [0, 0], [0, 1], [0, 0]], 2.5),
  "pad of channels": (x) => tf.pad(x, [[0, 0], [0, 0], [0, 1], [0, 0], [2, 1]]),
  "slice": (x) => tf.slice(x, [0, 1, 1, 2, 0], [2, 3, 4, 3, 7]),
  "slice to the end": (x) => tf.slice(x, [1, 2, 0, 0, 0], [-1, -1, -1, -1, -1]),
  "slice of channels": (x) => tf.slice(x, [0, 0, 0, 0, 2], [2, 4, 5, 6, 3]),
  "slice of rows": (x) => tf.slice2d(x.reshape([240, 7]), [31, 0], [50, 7]),
  "slice of columns": (x) => tf.slice2d(x.reshape([240, 7]), [3, 2], [50, 4]),
  "slice of a vector": (x) => tf.slice1d(x.flatten(), 5, 1200),
  "slice of a matrix in rank 6": (x) =>
    tf.slice(x.expandDims(0), [0, 1, 1, 0, 0, 0], [1, 1, 2, 5, 6, 7]),
  "pad of rows": (x) => tf.pad(x.reshape([240, 7]), [[1, 2], [0, 0]]),
  "concat of rows": (x, y) => tf.concat([x.reshape([240, 7]), y.reshape([240, 7])], 0),
  "concat of channels": (x, y) => tf.concat([x, y, x], -1),
  "concat along the depth": (x, y) => tf.concat([x, y.slice([0, 1], [2, 2])], 1),
  "concat of int32": (x, y) => tf.concat([x.toInt(), y.toInt()], 2),
  "concat with an empty tensor": (x) => tf.concat([x, tf.zeros([2, 0, 5, 6, 7]), x], 1),
  "slice of the first axis": (x) => tf.slice(x, [1], [1]),
};

for (const [name, operation] of Object.entries(OPERATIONS)) {
  Deno.test(`tf.${name} gives in the wasm backend what it gives in the cpu backend`, async () => {
    await registerWasmBackend({ threads: 1, name: "wasm-stock-test" });
    const shape = [2, 4, 5, 6, 7];
    const values = [1, 2].map((seed) =>
      Float32Array.from({ length: 1680 }, (_, i) => 4 * Math.sin(i * i * 0.37 + seed))
    );
    const results = [];
    for (const backend of ["cpu", "wasm-stock-test"]) {
      await tf.setBackend(backend);
      const before = tf.memory().numTensors;
      results.push(tf.tidy(() => {
        const [x, y] = values.map((data) => tf.tensor(data, shape));
        const result = operation(x, y);
        return { shape: result.shape, dtype: result.dtype, data: [...result.dataSync()] };
      }));
      assertEquals(tf.memory().numTensors, before);
    }
    const [expected, actual] = results;
    assertEquals([actual.shape, actual.dtype], [expected.shape, expected.dtype]);
    const scale = Math.max(...expected.data.map(Math.abs));
    expected.data.forEach((value, i) => {
      assert(Math.abs(value - actual.data[i]) <= 1e-6 * scale, `${i}: ${value} ${actual.data[i]}`);
    });
  });
}
