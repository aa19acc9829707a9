import { assertEquals, assertThrows } from "@std/assert";
import { fakeOurs, fakeOutcome, fakePeer } from "./fake_measurements.ts";
import { checkSameWork, summarize } from "./summary.ts";

Deno.test("summarize() takes the faster of PyTorch's layouts for both time and memory", () => {
  const summary = summarize([
    ...fakeOurs(fakeOutcome([1], 100), fakeOutcome([1], 100), fakeOutcome([1], 100)),
    ...fakePeer("contiguous", ...[4, 5, 1].map((time) => fakeOutcome([time], 200))),
    ...fakePeer("channels_last_3d", ...[2, 2, 2].map((time) => fakeOutcome([time], 400))),
  ]);
  assertEquals(summary?.layout, "channels_last_3d");
  assertEquals(summary?.time.ratio, { median: 0.5, min: 0.5, max: 0.5 });
  assertEquals(summary?.memory.ratio, { median: 0.25, min: 0.25, max: 0.25 });
});

Deno.test("summarize() takes the median of each process and pairs by repeat", () => {
  const summary = summarize([
    ...fakeOurs(fakeOutcome([3, 9, 4], 10), fakeOutcome([2, 2, 9], 30)),
    ...fakePeer("contiguous", fakeOutcome([8], 20), fakeOutcome([1], 20)).toReversed(),
  ]);
  assertEquals(summary, {
    layout: "contiguous",
    time: {
      ours: { median: 3, min: 2, max: 4 },
      pytorch: { median: 4.5, min: 1, max: 8 },
      ratio: { median: 1.25, min: 0.5, max: 2 },
    },
    memory: {
      ours: { median: 20, min: 10, max: 30 },
      pytorch: { median: 20, min: 20, max: 20 },
      ratio: { median: 1, min: 0.5, max: 1.5 },
    },
    differences: { contiguous: 0 },
  });
});

Deno.test("summarize() leaves out repeats of which one side failed", () => {
  const summary = summarize([
    { side: "ours", repeat: 0, error: "out of memory" },
    { side: "ours", repeat: 1, outcome: fakeOutcome([3], 1) },
    ...fakePeer("contiguous", fakeOutcome([1], 1), fakeOutcome([2], 1)),
  ]);
  assertEquals(summary?.time.ratio, { median: 1.5, min: 1.5, max: 1.5 });
});

Deno.test("summarize() gives nothing when a side failed always", () => {
  assertEquals(summarize(fakePeer("contiguous", fakeOutcome([1], 1))), undefined);
  assertEquals(summarize(fakeOurs(fakeOutcome([1], 1))), undefined);
  assertEquals(summarize([]), undefined);
});

Deno.test("summarize() tells how far the results of each layout lie from ours", () => {
  const ours = fakeOutcome([1], 1);
  const summary = summarize([
    ...fakeOurs(ours),
    ...fakePeer("contiguous", ours),
    ...fakePeer("channels_last_3d", { ...ours, digest: [1, -4] }),
  ]);
  assertEquals(summary?.differences, { contiguous: 0, channels_last_3d: 0.5 });
});

Deno.test("checkSameWork() accepts the rounding of float32, and of channels_last_3d more", () => {
  const theirs = fakeOutcome([1], 1);
  const layout = "contiguous";
  checkSameWork("S k3", { ours: { ...theirs, digest: [1.001, -2] }, theirs, layout });
  const far = { ...theirs, digest: [1.1, -2] };
  checkSameWork("S k3", { ours: far, theirs, layout: "channels_last_3d" });
});

Deno.test("checkSameWork() refuses other parameters and other results", () => {
  const theirs = fakeOutcome([1], 1);
  for (const layout of ["contiguous", "channels_last_3d"] as const) {
    assertThrows(
      () => checkSameWork("S k3", { ours: { ...theirs, parameters: 8 }, theirs, layout }),
      Error,
      "Cannot compare S k3: our network has 8 parameters, PyTorch's 7",
    );
  }
  for (const digest of [[1, -2.01], [1], [1, NaN]]) {
    assertThrows(
      () => checkSameWork("S k3", { ours: { ...theirs, digest }, theirs, layout: "contiguous" }),
      Error,
      `Cannot compare S k3: the results differ, ours [${digest.join(", ")}], PyTorch's [1, -2]`,
    );
  }
});
