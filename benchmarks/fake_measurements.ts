import type { Layout, Measurement, Outcome } from "./measurement.ts";

/** An outcome for tests, with nothing measured. */
export function fakeOutcome(seconds: number[], peakBytes: number): Outcome {
  return { seconds, peakBytes, parameters: 7, digest: [1, -2], about: { made: "up" } };
}

/** Of our side, one repeat after the other. */
export function fakeOurs(...outcomes: Outcome[]): Measurement[] {
  return outcomes.map((outcome, repeat) => ({ side: "ours", repeat, outcome }));
}

/** Of PyTorch in a layout, one repeat after the other. */
export function fakePeer(layout: Layout, ...outcomes: Outcome[]): Measurement[] {
  return outcomes.map((outcome, repeat) => ({ side: "pytorch", layout, repeat, outcome }));
}
