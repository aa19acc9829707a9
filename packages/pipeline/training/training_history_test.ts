import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { FitStepReport, ValidationReport } from "@mednext/segment";
import { decode } from "fast-png";
import { progressPicture } from "./progress_picture.ts";
import { addStep, endEpoch, newHistory, type TrainingHistory } from "./training_history.ts";

function step(history: TrainingHistory, loss: number, learningRate: number): void {
  const rest = { step: 0, gradientNorm: 1, milliseconds: 900, waitedMilliseconds: 100 };
  addStep(history, { loss, learningRate, ...rest } as FitStepReport);
}

function look(perClass: number[]): ValidationReport {
  const known = perClass.filter((dice) => !Number.isNaN(dice));
  const pseudoDice = known.reduce((sum, dice) => sum + dice, 0) / known.length;
  return { loss: 0.75, pseudoDice, perClass } as unknown as ValidationReport;
}

const names = ["organ", "core"];

Deno.test("endEpoch() averages the losses, and the pseudo Dice over time as nnU-Net", () => {
  const history = newHistory();
  step(history, 1, 0.01);
  step(history, 3, 0.005);
  const first = { steps: 2, seconds: 4, names, validation: look([0.5, NaN]) };
  assertEquals(endEpoch(history, first), true);
  assertEquals(history, {
    epochs: [{
      epoch: 0,
      steps: 2,
      loss: 2,
      learningRate: 0.01,
      validationLoss: 0.75,
      pseudoDice: 0.5,
      pseudoDiceOf: { organ: 0.5, core: null },
      pseudoDiceAverage: 0.5,
      seconds: 4,
      waited: 0.05,
    }],
    seconds: 0,
    current: { losses: [], waited: 0 },
    best: 0,
  });
  const look2 = { steps: 3, seconds: 10, names, validation: look([0.2, 0.4]) };
  step(history, 1, 0.001);
  assertEquals(endEpoch(history, look2), false);
  assertAlmostEquals(history.epochs[1].pseudoDiceAverage!, 0.9 * 0.5 + 0.1 * 0.3, 1e-12);
  assertEquals([history.epochs[1].seconds, history.best], [6, 0]);
  step(history, 1, 0.001);
  assertEquals(endEpoch(history, { ...look2, validation: look([1, 1]) }), true);
  assertEquals(history.best, 2);
});

Deno.test("endEpoch() knows no best epoch where there is no foreground, or nothing is looked at", () => {
  const history = newHistory();
  step(history, 1, 0.01);
  const options = { steps: 1, seconds: 1, names, validation: look([NaN, NaN]) };
  assertEquals(endEpoch(history, options), false);
  const { pseudoDice, pseudoDiceAverage, pseudoDiceOf } = history.epochs[0];
  assertEquals([pseudoDice, pseudoDiceAverage], [null, null]);
  assertEquals(pseudoDiceOf, { organ: null, core: null });
  step(history, 1, 0.01);
  assertEquals(endEpoch(history, { ...options, validation: undefined }), false);
  assertEquals("pseudoDice" in history.epochs[1], false);
  step(history, 1, 0.01);
  assertEquals(endEpoch(history, { ...options, validation: look([0.25, 0.25]) }), true);
  assertEquals(history.epochs[2].pseudoDiceAverage, 0.25);
  assertEquals(history.best, 2);
});

Deno.test("progressPicture() has a chart for each thing that there are values of", () => {
  const sizeOf = (validated: boolean, timing: boolean) => {
    const history = newHistory();
    step(history, 1, 0.01);
    const validation = validated ? look([0.5, 0.25]) : undefined;
    endEpoch(history, { steps: 1, seconds: 1, names, validation });
    const { width, height } = decode(progressPicture(history.epochs, { timing }));
    return [width, height];
  };
  assertEquals(sizeOf(false, false), [1280, 420]);
  assertEquals(sizeOf(true, false), [1280, 840]);
  assertEquals(sizeOf(true, true), [1280, 1260]);
});
