/**
 * For tests: loads a batch in a process of its own, with the case `a` in the folder given, and ends
 * the loader or, with `fail`, asks a thread for what it cannot do.
 */
import { createBatchLoader } from "../training/create_batch_loader.ts";
import { startThread } from "../training/batch_thread.ts";

const [path, act] = Deno.args;
if (act === "fail") {
  const nothing = undefined as never;
  const thread = startThread({ cases: nothing, options: nothing, maxBytes: 0 });
  const asked = [thread.make(0), thread.make(1)];
  for (const batch of asked) await batch.catch(({ message }) => console.log(message));
  await thread.make(2).catch(({ message }) => console.log(message));
} else {
  const loader = createBatchLoader([{ id: "a", path }], { seed: 1, patchSize: [8, 8, 8] });
  const { shape } = await loader.batch(0);
  console.log(shape.join(" x "));
  loader.close();
}
