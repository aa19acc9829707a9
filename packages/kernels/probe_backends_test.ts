import { assertEquals } from "@std/assert";
import { probeBackends } from "./probe_backends.ts";
import { setBackend } from "./set_backend.ts";
import { tf } from "./tf.ts";
import { countGpus } from "./tensorflow/ffi/count_gpus.ts";

Deno.test("probeBackends() marks the one that auto takes, and selects none", async () => {
  await setBackend("cpu");
  const chosen = (await probeBackends()).filter(({ isChosen }) => isChosen);
  assertEquals(tf.getBackend(), "cpu");
  assertEquals(chosen.map(({ name }) => name), [await setBackend("auto")]);
});

Deno.test("probeBackends() looks at one backend as if there were no others", async () => {
  const found = "plain TypeScript";
  assertEquals(await probeBackends({ only: "cpu" }), [{ name: "cpu", isChosen: true, found }]);
});

Deno.test({
  name: "probeBackends() says that there is no GPU for tensorflow, and what TensorFlow there is",
  ignore: countGpus() > 0,
  fn: async () => {
    const [{ name, found }] = await probeBackends({ tensorflow: { library: "/nowhere" } });
    assertEquals(name, "tensorflow");
    assertEquals(found.startsWith("no NVIDIA GPU; Cannot open TensorFlow: expected "), true, found);
    assertEquals(found.endsWith("/nowhere (the option library): no such library"), true, found);
  },
});
