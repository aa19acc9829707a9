import { assertEquals, assertRejects } from "@std/assert";
import { createMedNeXt } from "@mednext/mednext";
import { setBackend } from "@mednext/kernels";
import { createFitState, type FitState } from "@mednext/segment";
import { join } from "@std/path";
import { WriteError } from "../run/file_system.ts";
import { restoreCheckpoint, writeCheckpoint } from "./training_checkpoint.ts";
import { newHistory } from "./training_history.ts";

const epoch = { epoch: 0, steps: 2, loss: 0.5, learningRate: 0.001, seconds: 3, waited: 0.25 };
const history = {
  epochs: [{ ...epoch, pseudoDice: 0.5, pseudoDiceOf: { ball: 0.5, other: null } }],
  seconds: 4,
  current: { losses: [0.25], learningRate: 0.0005, waited: 0.125 },
  best: 0,
};

/** Runs with a training of few weights and a folder that is removed at the end. */
async function withTraining(use: (folder: string, state: FitState) => Promise<void>) {
  await setBackend("cpu");
  const folder = await Deno.makeTempDir();
  const model = createMedNeXt({ inputChannels: 1, classes: 2, baseChannels: 1, kernelSize: 1 });
  const state = createFitState(model, { totalSteps: 10 });
  try {
    await use(folder, state);
  } finally {
    state.dispose();
    model.dispose();
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("restoreCheckpoint() gives back the history that writeCheckpoint() wrote", () =>
  withTraining(async (folder, state) => {
    const lines: string[] = [];
    const log = (line: string) => void lines.push(line);
    assertEquals(await restoreCheckpoint(folder, { state, log }), undefined);
    await writeCheckpoint(folder, { state, history });
    assertEquals(await restoreCheckpoint(folder, { state, log }), history);
    assertEquals(lines, []);
  }));

Deno.test("restoreCheckpoint() says what is wrong with a damaged checkpoint and starts afresh", () =>
  withTraining(async (folder, state) => {
    await writeCheckpoint(folder, { state, history });
    const path = join(folder, "checkpoint.safetensors");
    const whole = await Deno.readFile(path);
    const flipped = whole.slice();
    flipped[flipped.length - 2] ^= 0x40; // somewhere in the weights: the file can still be read
    for (
      const [bytes, reason] of [
        [flipped, "its digest is another"],
        [
          whole.subarray(0, 1000),
          `Cannot read safetensors: expected a header of at most 992 bytes, found a length of ${
            new DataView(whole.buffer).getUint32(0, true)
          }`,
        ],
        [new Uint8Array(), "Cannot read safetensors: expected at least 8 bytes, found 0"],
      ] as const
    ) {
      await Deno.writeFile(path, bytes);
      const lines: string[] = [];
      const restored = await restoreCheckpoint(folder, { state, log: (line) => lines.push(line) });
      assertEquals(restored, undefined);
      assertEquals(lines, [
        `Cannot go on from the checkpoint '${path}': ${reason}; starting afresh`,
      ]);
    }
  }));

Deno.test("writeCheckpoint() keeps the checkpoint before when it cannot write", () =>
  withTraining(async (folder, state) => {
    await writeCheckpoint(folder, { state, history });
    const path = join(folder, "checkpoint.safetensors");
    const before = await Deno.readFile(path);
    await Deno.mkdir(`${path}.part/in/the/way`, { recursive: true });
    const error = await assertRejects(
      () => writeCheckpoint(folder, { state, history: newHistory() }),
      WriteError,
    );
    assertEquals(
      error.message,
      `Cannot write ${path}: a folder stands where a file should be`,
    );
    assertEquals(await Deno.readFile(path), before);
  }));
