import { assertEquals, assertThrows } from "@std/assert";
import { describeWork, QUICK_WORKS, selectWorks, WORKS } from "./works.ts";

Deno.test("selectWorks() takes all without a text, and those that hold one of several", () => {
  const idsOf = (only: string[]) => selectWorks(WORKS, only).map(({ id }) => id);
  assertEquals(selectWorks(WORKS, []), [...WORKS]);
  assertEquals(idsOf(["128", "s-k5"]), ["s-k5-forward-64", "s-k3-forward-128", "s-k5-train-64"]);
});

Deno.test("selectWorks() refuses a text that is in no name", () => {
  assertThrows(
    () => selectWorks(QUICK_WORKS, ["train", "64"]),
    RangeError,
    'Cannot select works by --only "64": expected a part of one of s-k3-forward-32, l-k5-forward-32, s-k3-train-32',
  );
});

Deno.test("describeWork() tells networks, kinds and sizes apart", () => {
  assertEquals(describeWork(WORKS[2]), "L k5 forward 64³");
  const titles = [...WORKS, ...QUICK_WORKS].map(describeWork);
  assertEquals(new Set(titles).size, WORKS.length + QUICK_WORKS.length);
});
