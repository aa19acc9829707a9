import { assertEquals, assertRejects } from "@std/assert";
import { BACKENDS } from "./backends.ts";
import { type BackendName, type Precision, setBackend } from "./set_backend.ts";
import { tf } from "./tf.ts";

Deno.test("setBackend() selects the cpu backend when asked for it", async () => {
  assertEquals(await setBackend("cpu"), "cpu");
  assertEquals(tf.getBackend(), "cpu");
});

Deno.test("setBackend() takes wasm when the choice is left to it", async () => {
  assertEquals(await setBackend(), "wasm");
  assertEquals(tf.getBackend(), "wasm");
  assertEquals(await setBackend("cpu"), "cpu");
});

Deno.test("setBackend() moves a tensor along when the backend changes", async () => {
  await setBackend("cpu");
  const x = tf.tensor1d([1, 2, 3]);
  await setBackend("wasm");
  const y = tf.add(x, x);
  assertEquals(Array.from(y.dataSync()), [2, 4, 6]);
  await setBackend("cpu");
  const z = tf.add(y, x);
  assertEquals(Array.from(z.dataSync()), [3, 6, 9]);
  tf.dispose([x, y, z]);
});

Deno.test("setBackend() lists the backends when there is none of that name", async () => {
  for (const name of ["gpu", "__proto__"]) {
    const error = await assertRejects(() => setBackend(name as BackendName), RangeError);
    assertEquals(
      error.message,
      `Cannot set the backend "${name}": expected one that this version has, "auto", "tensorflow", "webgpu", "wasm", "cpu"`,
    );
  }
});

Deno.test("setBackend() refuses a number of threads that is none", async () => {
  for (const threads of [-1, 1.5, NaN, 257, "2"]) {
    const options = { threads: threads as number };
    const error = await assertRejects(() => setBackend("cpu", options), RangeError);
    assertEquals(
      error.message,
      `Cannot set the backend "cpu": expected threads to be an integer from 0 (all cores) to 256, found ${threads}`,
    );
  }
});

Deno.test("setBackend() refuses a precision that there is not", async () => {
  await setBackend("cpu");
  const options = { precision: "half" as Precision };
  const error = await assertRejects(() => setBackend("wasm", options), RangeError);
  assertEquals(
    error.message,
    'Cannot set the backend "wasm": expected precision to be "float32" or "mixed", found "half"',
  );
  assertEquals(tf.getBackend(), "cpu");
});

Deno.test("setBackend() refuses mixed precision where a backend has float32 only", async () => {
  await setBackend("cpu");
  const able = Object.entries(BACKENDS).filter(([, { precisions }]) => precisions.includes("mixed"))
    .map(([name]) => JSON.stringify(name)).join(" or ");
  const refused = (name: BackendName) =>
    assertRejects(() => setBackend(name, { precision: "mixed" }), RangeError);
  for (const name of ["wasm", "cpu"] as const) {
    assertEquals(
      (await refused(name)).message,
      `Cannot set the backend "${name}" with the precision "mixed": expected a backend that has it, ${able}, ` +
        "found one that computes in float32 only",
    );
  }
  const chosen = await setBackend("auto");
  await setBackend("cpu");
  if (chosen === "wasm") {
    assertEquals(
      (await refused("auto")).message,
      `Cannot set the backend "auto" with the precision "mixed": expected a backend that has it, ${able}, ` +
        'found "wasm", which "auto" takes here, and which computes in float32 only',
    );
  }
  assertEquals(tf.getBackend(), "cpu");
  assertEquals(await setBackend("wasm", { precision: "float32" }), "wasm");
});

Deno.test("setBackend() keeps the stock greeting of TensorFlow.js away", async () => {
  await setBackend("cpu");
  const backend = tf.backend() as unknown as { firstUse: boolean };
  assertEquals(backend.firstUse, false);
});

Deno.test("setBackend() goes on with another backend when there is no TensorFlow", async () => {
  await setBackend("cpu");
  const options = { tensorflow: { library: "/nowhere" } };
  const error = await assertRejects(() => setBackend("tensorflow", options), Error);
  assertEquals(error.message.endsWith("/nowhere (the option library): no such library"), true);
  assertEquals(tf.getBackend(), "cpu");
  assertEquals(await setBackend("wasm"), "wasm");
});
