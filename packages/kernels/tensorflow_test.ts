import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { memory, resetPeakMemory } from "./memory.ts";
import { gelu } from "./ops/gelu.ts";
import { setBackend } from "./set_backend.ts";
import { tf } from "./tf.ts";
import { ATTRIBUTE } from "./tensorflow/ffi/attributes.ts";
import { execute } from "./tensorflow/ffi/execute.ts";
import { createHandles, createTensor, deleteTensor } from "./tensorflow/ffi/handles.ts";
import type { NodeBackend } from "./tensorflow/node_backend.ts";
import { start } from "./tensorflow/start.ts";

const reason = await setBackend("tensorflow", { threads: 2 }).then(
  () => "",
  (error: Error) => ` (ignored: ${error.message})`,
);

function test(name: string, fn: () => void | Promise<void>): void {
  Deno.test({ name: name + reason, ignore: reason !== "", fn });
}

test("setBackend() leaves the backend before selected when tensorflow cannot be as asked", async () => {
  await setBackend("cpu");
  const error = await assertRejects(
    () => setBackend("tensorflow", { tensorflow: { memoryGrowth: false } }),
    RangeError,
  );
  assertEquals(
    error.message,
    'Cannot change memoryGrowth of the running tensorflow backend: expected "the default", found false; ' +
      "TensorFlow takes its settings once in a process",
  );
  await assertRejects(() => setBackend("tensorflow", { threads: 7 }), RangeError, "threads");
  assertEquals(tf.getBackend(), "cpu");
  assertEquals(Array.from(tf.add([1], [2]).dataSync()), [3]);
  assertEquals(await setBackend("tensorflow"), "tensorflow");
});

test("tensorflow starts after webgpu, whose driver may have brought a LLVM of its own", async () => {
  const code = `const { setBackend, tf } = await import(${
    JSON.stringify(import.meta.resolve("./mod.ts"))
  });
    await setBackend("webgpu").catch(() => setBackend("cpu"));
    await setBackend("tensorflow");
    console.log(tf.add([1], [2]).dataSync()[0]);`;
  const command = new Deno.Command(Deno.execPath(), { args: ["eval", "--no-check", code] });
  const { code: status, stdout } = await command.output();
  assertEquals([status, new TextDecoder().decode(stdout).trim()], [0, "3"]);
});

test("tensorflow moves tensors from and to other backends", async () => {
  await setBackend("wasm");
  const x = gelu(tf.fill([8, 512], 1));
  await setBackend("tensorflow");
  const y = tf.add(x, x);
  await setBackend("wasm");
  const z = gelu(y);
  // gelu(2·gelu(1)) = 2g·Φ(2g), g = Φ(1) = 0.8413447
  assert(Math.abs(z.dataSync()[4095] - 1.6826894 * 0.9537849) < 1e-4, String(z.dataSync()[4095]));
  tf.dispose([x, y, z]);
});

test("tensorflow says that memory does not suffice, and goes on", async () => {
  await setBackend("tensorflow");
  const tensors = tf.memory().numTensors;
  // More than a process can address, so that no system promises it. TensorFlow tries for ten seconds.
  const error = assertThrows(
    () => tf.tidy(() => tf.add(tf.ones([1, 2 ** 24]), tf.ones([2 ** 22, 1]))),
    RangeError,
  );
  const start =
    "Cannot run Add on tensorflow as memory does not suffice: OOM when allocating tensor with shape[4194304,16777216]";
  assertEquals(error.message.slice(0, start.length), start);
  assertEquals(tf.memory().numTensors, tensors);
  assertEquals(tf.sum(tf.ones([3])).dataSync()[0], 3);
});

test("tensorflow says what it does not support", async () => {
  await setBackend("tensorflow");
  const error = assertThrows(() => tf.tensor(["a"]).squeeze(), TypeError);
  assertEquals(
    error.message,
    "Cannot use a tensor on tensorflow: expected values of a number or boolean type, found string",
  );
});

test("memory() counts the tensors of tensorflow and their peak", async () => {
  await setBackend("tensorflow");
  const x = tf.ones([64, 1024]);
  gelu(x).dispose();
  const before = memory();
  resetPeakMemory();
  assertEquals(memory().peakBytes, before.bytesInUse);
  const y = gelu(x);
  assertEquals(memory().bytesInUse, before.bytesInUse + 64 * 1024 * 4);
  assert(memory().peakBytes! >= before.bytesInUse + 2 * 64 * 1024 * 4);
  tf.dispose([x, y]);
});

test("tensorflow takes every kind of attribute", async () => {
  await setBackend("tensorflow");
  const backend = tf.backend() as unknown as NodeBackend;
  const x = tf.tensor1d([1, 5, 3]);
  const run = (name: string, value: unknown, type: number, attribute: string) =>
    backend.executeSingleOutput(name, [
      { name: "T", type: ATTRIBUTE.type, value: 1 },
      { name: attribute, type, value },
    ], [x]);
  assertEquals(Array.from(run("LeakyRelu", 0.5, ATTRIBUTE.float, "alpha").dataSync()), [1, 5, 3]);
  const error = assertThrows(() => run("LeakyRelu", 0.5, 9, "alpha"), TypeError);
  assertEquals(
    error.message,
    "Cannot set the attribute alpha of an operation of TensorFlow: expected a kind from 0 to 5, found 9",
  );
  assertThrows(() => run("NoSuchOperation", 1, ATTRIBUTE.int, "n"), Error, "NoSuchOperation");
});

test("an operation whose result is of no type of ours leaves nothing behind, nor does one that fails", async () => {
  await setBackend("tensorflow");
  const { context } = (tf.backend() as unknown as NodeBackend).binding.handles;
  let [freed, ops] = [0, 0];
  const { TFE_DeleteTensorHandle, TFE_DeleteOp } = context.symbols;
  const symbols = {
    ...context.symbols,
    TFE_DeleteTensorHandle: (pointer: Deno.PointerValue) => {
      freed++;
      TFE_DeleteTensorHandle(pointer);
    },
    TFE_DeleteOp: (pointer: Deno.PointerValue) => {
      ops++;
      TFE_DeleteOp(pointer);
    },
  };
  const handles = createHandles({ ...context, symbols });
  const x = createTensor(handles, { shape: [2], dtype: 1, values: Float32Array.of(1, 2) });
  const before = handles.bytesInUse;
  const cast = (type: number) => [
    { name: "SrcT", type: ATTRIBUTE.type, value: 1 },
    { name: "DstT", type: ATTRIBUTE.type, value: type },
  ];
  const float64 = 2;
  assertThrows(
    () => execute(handles, { name: "Cast", attributes: cast(float64), inputs: [x], outputs: 1 }),
    TypeError,
    "expected values of a number or boolean type, found 2",
  );
  assertEquals([freed, ops, handles.byId.size, handles.bytesInUse], [1, 1, 1, before]);
  assertThrows(
    () => execute(handles, { name: "MatMul", attributes: [], inputs: [x, x], outputs: 1 }),
    Error,
  );
  assertEquals([freed, ops, handles.byId.size, handles.bytesInUse], [1, 2, 1, before]);
  deleteTensor(handles, x);
  assertEquals([freed, handles.byId.size, handles.bytesInUse], [2, 0, 0]);
});

test("start() refuses grouped convolutions on the CPU", async () => {
  const error = await assertRejects(
    () => start({ threads: 1, device: "cpu", depthwise: "grouped" }),
    Error,
  );
  assertEquals(
    error.message,
    'Cannot compute on the CPU with tensorflow: expected depthwise "auto" or "slices", found "grouped"',
  );
  assertEquals(tf.sum(tf.ones([3])).dataSync()[0], 3); // the one that runs is another
});

test("setBackend() keeps TensorFlow from rounding factors to ten bits", async () => {
  await setBackend("tensorflow");
  const { symbols } = (tf.backend() as unknown as NodeBackend).binding.handles.context;
  // TensorFlow's own default is true.
  assertEquals(symbols._ZN3tsl33tensor_float_32_execution_enabledEv?.(), false);
});
