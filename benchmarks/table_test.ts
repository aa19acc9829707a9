import { assertEquals } from "@std/assert";
import { fakeOurs, fakeOutcome, fakePeer } from "./fake_measurements.ts";
import { summarize } from "./summary.ts";
import { formatTable } from "./table.ts";

const GIB = 2 ** 30;

Deno.test("formatTable() shows medians, the layout and the spread of the ratios", () => {
  const summary = summarize([
    ...fakeOurs(...[0.3, 0.6, 0.9].map((time) => fakeOutcome([time], GIB / 2))),
    ...fakePeer("contiguous", ...[1.2, 1.2, 1.2].map((time) => fakeOutcome([time], GIB))),
  ]);
  assertEquals(
    formatTable([{ title: "S k3 forward 64³", summary }, { title: "S k3 training step 96³" }]),
    `
| work                   | ours    | PyTorch | layout     | time ratio          | ours     | PyTorch  | memory ratio        |
| ---------------------- | ------- | ------- | ---------- | ------------------- | -------- | -------- | ------------------- |
| S k3 forward 64³       | 0.600 s | 1.20 s  | contiguous | 0.50 (0.25 to 0.75) | 0.50 GiB | 1.00 GiB | 0.50 (0.50 to 0.50) |
| S k3 training step 96³ | failed  |         |            |                     |          |          |                     |
`.trim(),
  );
});
