import { assert, assertRejects, assertStrictEquals } from "@std/assert";
import { startThread } from "./batch_thread.ts";

Deno.test("startThread() refuses what it owes and all that follows when the thread ends", async () => {
  const thread = startThread({
    cases: undefined as never,
    options: undefined as never,
    maxBytes: 0,
  });
  const [first, second] = [thread.make(0), thread.make(1)];
  const error = await assertRejects(() => first, Error);
  assert(error.message.startsWith("Cannot load batches: a thread ended: "), error.message);
  assertStrictEquals(await assertRejects(() => second), error);
  assertStrictEquals(await assertRejects(() => thread.make(2)), error);
});
