import { assert, assertEquals, assertThrows } from "@std/assert";
import { memory } from "../../memory.ts";
import { setBackend } from "../../set_backend.ts";
import { tf } from "../../tf.ts";
import type { NodeBackend } from "../node_backend.ts";
import { matMul } from "./product.ts";
import type { Device } from "./tensorflow_kernel.ts";

const reason = await setBackend("tensorflow").then(
  () => "",
  (error: Error) => ` (ignored: ${error.message})`,
);

function test(name: string, fn: (device: Device) => void): void {
  Deno.test({
    name: name + reason,
    ignore: reason !== "",
    fn: async () => {
      await setBackend("tensorflow");
      const backend = tf.backend() as unknown as NodeBackend;
      fn({ backend, precision: "mixed", isGrouped: false, expandedAtOnce: 1 });
    },
  });
}

/** The nearest number of 8 significant bits, the even one of two. */
function toBfloat16(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer);
  bits[0] = (bits[0] + 0x7fff + ((bits[0] >> 16) & 1)) & 0xffff0000;
  return new Float32Array(bits.buffer)[0];
}

/** Σ a·b and Σ |a·b| of operands that are rounded, in float64. */
function expected(a: number[], b: number[]): { sum: number; size: number } {
  const products = a.map((value, i) => toBfloat16(value) * toBfloat16(b[i]));
  return {
    sum: products.reduce((sum, each) => sum + each, 0),
    size: products.reduce((sum, each) => sum + Math.abs(each), 0),
  };
}

test("matMul() rounds operands and results to bfloat16, and sums in float32", (device) => {
  const [rows, depth, columns] = [5, 300, 7];
  for (const transposeA of [false, true]) {
    for (const transposeB of [false, true]) {
      tf.tidy(() => {
        const a = tf.randomNormal([rows, depth], 0, 1, "float32", 1);
        const b = tf.randomNormal([depth, columns], 0, 1, "float32", 2);
        const [left, right] = [transposeA ? tf.transpose(a) : a, transposeB ? tf.transpose(b) : b];
        const y = matMul(left, right, { device, transposeA, transposeB });
        assertEquals([y.shape, y.dtype], [[rows, columns], "float32"]);
        const [aRows, bColumns] = [a.arraySync(), tf.transpose(b).arraySync()] as number[][][];
        (y.arraySync() as number[][]).forEach((row, i) =>
          row.forEach((value, j) => {
            const { sum, size } = expected(aRows[i], bColumns[j]);
            assertEquals(value, toBfloat16(value));
            const error = Math.abs(value - sum);
            // Half a unit of the last of 8 bits, and float32's own rounding of 300 additions.
            assert(error <= 2 ** -8 * Math.abs(sum) * 1.01 + 300 * 2 ** -24 * size, `${error}`);
          })
        );
      });
    }
  }
});

test("matMul() does not lose what is small beside a sum", (device) => {
  // In bfloat16 a sum of ones stays at 256.
  tf.tidy(() => {
    const y = matMul(tf.ones([1, 4096]), tf.ones([4096, 1]), { device });
    assertEquals(Array.from(y.dataSync()), [4096]);
  });
});

test("matMul() is TensorFlow.js' own where the precision is float32", (device) => {
  tf.tidy(() => {
    const a: tf.Tensor2D = tf.randomNormal([9, 30], 0, 1, "float32", 1);
    const b: tf.Tensor2D = tf.randomNormal([9, 30], 0, 1, "float32", 2);
    const exact = { device: { ...device, precision: "float32" as const }, transposeB: true };
    const y = matMul(a, b, exact).dataSync();
    assertEquals(y, tf.matMul(a, b, false, true).dataSync());
    assertEquals(y.some((v, i) => v !== matMul(a, b, { ...exact, device }).dataSync()[i]), true);
  });
});

test("matMul() frees what it holds in bfloat16, also when it fails", (device) => {
  const [a, b] = [tf.ones([4, 8]), tf.ones([8, 16])];
  tf.add(a, 0).dispose();
  tf.add(b, 0).dispose();
  const before = memory().bytesInUse;
  const y = matMul(a, b, { device });
  assertEquals(memory().bytesInUse, before + 4 * 16 * 4);
  y.dispose();
  assertThrows(() => matMul(a, b, { device, transposeA: true }), Error, "Cannot run MatMul");
  assertEquals(memory().bytesInUse, before);
  tf.dispose([a, b]);
});
