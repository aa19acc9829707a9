import { assertEquals } from "@std/assert";
import { formatSeconds, type Terminal } from "./terminal.ts";
import { createTerminalReporter } from "./terminal_reporter.ts";

/** A terminal that keeps what is written to it, and a clock in seconds. */
function setUp(interactive: boolean) {
  const state = { out: "", seconds: 0 };
  const terminal: Terminal = {
    interactive,
    write: (text) => void (state.out += text),
    writeError() {},
    columns: () => 60,
    paint: (text) => text,
  };
  return { state, reporter: createTerminalReporter(terminal, () => state.seconds * 1000) };
}

function train({ state, reporter }: ReturnType<typeof setUp>, steps: number) {
  reporter.start("train", { resumed: false, retry: 0 });
  for (let done = 1; done <= steps; done++) {
    state.seconds++;
    reporter.progress("train", { done, total: 20, unit: "steps", message: `loss ${20 - done}` });
  }
}

Deno.test("createTerminalReporter() writes a plain line every few seconds without a terminal", () => {
  const fixture = setUp(false);
  train(fixture, 12);
  fixture.reporter.log("train", "two\nlines");
  fixture.reporter.end("train", { outcome: "ran", seconds: 75 });
  assertEquals(
    fixture.state.out,
    `train: running
train: 25 %  5/20 steps  15 s left  loss 15
train: 50 %  10/20 steps  10 s left  loss 10
train: two
train: lines
train: ran (1 min 15 s)
`,
  );
});

Deno.test("createTerminalReporter() redraws one line on a terminal, as long as it is wide", () => {
  const fixture = setUp(true);
  train(fixture, 2);
  fixture.reporter.end("train", { outcome: "failed", seconds: 2 });
  assertEquals(fixture.state.out.split("\x1b[2K"), [
    "train: running\n\r",
    "train: █░░░░░░░░░░░░░░░░░░░ 5 %  1/20 steps  loss 19\r",
    "train: █░░░░░░░░░ 10 %  2/20 steps  18 s left  loss 18\r",
    "train: failed (2.0 s)\n",
  ]);
});

Deno.test("createTerminalReporter() counts the time left from where a run was resumed", () => {
  const { state, reporter } = setUp(false);
  reporter.start("train", { resumed: true, retry: 0 });
  reporter.progress("train", { done: 90, total: 100 });
  state.seconds = 6;
  reporter.progress("train", { done: 93, total: 100 });
  assertEquals(
    state.out,
    "train: resumed\ntrain: 93 %  93/100  14 s left\n",
  );
});

Deno.test("createTerminalReporter() cuts the message, not the time left, on a narrow terminal", () => {
  const { state, reporter } = setUp(true);
  reporter.start("train@fold=0", { resumed: false, retry: 0 });
  const message = "epoch 3, loss 0.512, 1203 ms a step";
  for (const done of [1, 2]) {
    state.seconds += 70;
    reporter.progress("train@fold=0", { done, total: 1000, unit: "steps", message });
  }
  const last = state.out.split("\x1b[2K").at(-1)!;
  assertEquals(last, "train@fold=0: 0 %  2/1000 steps  19 h 24 min left  epoch 3,");
  assertEquals(last.length, 59);
});

Deno.test("createTerminalReporter() writes fewer lines after a minute without a terminal", () => {
  const { state, reporter } = setUp(false);
  reporter.start("train", { resumed: false, retry: 0 });
  for (let done = 0; done <= 150; done++, state.seconds++) {
    reporter.progress("train", { done, total: 150 });
  }
  const shares = [...state.out.matchAll(/(\d+) %/g)].map(([, share]) => Number(share) * 1.5);
  assertEquals(shares.map(Math.round), [5, 9, 15, 20, 24, 30, 35, 39, 45, 50, 54, 84, 114, 144]);
});

Deno.test("formatSeconds() is for people", () => {
  assertEquals([0.04, 9.94, 9.96, 61, 3725].map(formatSeconds), [
    "0.0 s",
    "9.9 s",
    "10 s",
    "1 min 1 s",
    "1 h 2 min",
  ]);
});
