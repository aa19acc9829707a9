/**
 * The self-test of one backend as a stage, so that it runs in a process of its own as trainings do.
 * @module
 */
import type { Triple } from "@mednext/data";
import { type BackendName, probeBackends, setBackend } from "@mednext/kernels";
import type { Stage } from "../stage.ts";
import expected from "./expected.json" with { type: "json" };
import { findDeviation } from "./find_deviation.ts";
import { type PassTimes, runCheck } from "./run_check.ts";
import type { BackendMeasurement } from "./measure_backends.ts";
import { createTrial } from "./trial.ts";

/** What is timed where the backend is fast enough for it. */
const TIMED_SHAPE: Triple = [32, 32, 32];
/** Milliseconds of a forward pass on the checked volume, beyond which that one's times are taken. */
const SLOW = 250;
/** Milliseconds for each kind of pass, of which the fastest counts, as other work may come and go. */
const ENOUGH = 1500;

const selfTestStage: Stage<
  { backend: Exclude<BackendName, "auto"> },
  Record<never, never>,
  Record<never, never>
> = {
  revision: 1,
  module: import.meta.url,
  inputs: {},
  outputs: {},
  params: {},
  ownProcess: true,
  async run({ params: { backend }, log }) {
    const tell = (part: Partial<BackendMeasurement>) => log(JSON.stringify(part));
    const [{ found, isChosen }] = await probeBackends({ only: backend });
    tell({ found, isChosen, phase: "in its start" });
    await setBackend(backend);
    tell({ isStarted: true, phase: "in its forward pass" });
    let wrong: string | undefined;
    const times = await runCheck((values) => {
      wrong ??= findDeviation(values, expected);
      tell({ wrong, phase: "in its training step" });
    });
    tell({ times, phase: "in its timed passes" });
    if (times.forward <= SLOW) tell({ times: await timePasses() });
  },
};

async function timePasses(): Promise<PassTimes> {
  using trial = createTrial(TIMED_SHAPE);
  const forward = await fastest(() => trial.forward());
  let peakBytes: number | undefined;
  const step = await fastest(async () => {
    const report = await trial.step();
    // The first step makes what the optimiser keeps, so that later ones have more in use.
    if (report.peakBytes !== undefined) peakBytes = Math.max(peakBytes ?? 0, report.peakBytes);
    return report;
  });
  return {
    shape: TIMED_SHAPE,
    forward: forward.milliseconds,
    step: step.milliseconds,
    peakBytes,
  };
}

async function fastest<T extends { milliseconds: number }>(run: () => T | Promise<T>): Promise<T> {
  const start = performance.now();
  let best = await run();
  while (performance.now() - start < ENOUGH) {
    const next = await run();
    if (next.milliseconds < best.milliseconds) best = next;
  }
  return best;
}

export default selfTestStage;
