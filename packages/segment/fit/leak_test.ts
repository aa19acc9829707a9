import { assertEquals } from "@std/assert";
import { memory, setBackend } from "@mednext/kernels";
import { createMedNeXt } from "@mednext/mednext";
import type { Batch } from "./batch.ts";
import { createFitState } from "./create_fit_state.ts";
import { fit } from "./fit.ts";

const SHAPE: [number, number, number, number] = [1, 16, 16, 32];
const VOXELS = 16 * 16 * 32;
const STEPS = 1000;

/** A pure function of the step, as training asks for. */
function batchOf(step: number): Batch {
  const images = Float32Array.from({ length: VOXELS }, (_, i) => Math.sin(i * 0.37 + step));
  return { images, labels: Uint8Array.from(images, (v) => v > 0 ? 1 : 0), shape: SHAPE };
}

Deno.test("fit() holds as many tensors, bytes and blocks after a thousand steps as after ten", async () => {
  await setBackend("wasm", { threads: 1 });
  const empty = memory();
  const model = createMedNeXt({
    inputChannels: 1,
    classes: 2,
    baseChannels: 1,
    blockCounts: Array(9).fill(1),
    deepSupervision: true,
  });
  const state = createFitState(model, { totalSteps: STEPS });
  const held = new Map<number, unknown>();
  await fit(state, {
    batches: batchOf,
    steps: STEPS,
    onStep: ({ step }) => {
      const { tensors, bytesInUse, blocks, reservedBytes } = memory();
      held.set(step + 1, { tensors, bytesInUse, blocks, reservedBytes });
    },
  });
  assertEquals(held.size, STEPS);
  assertEquals(held.get(STEPS), held.get(10));
  state.dispose();
  model.dispose();
  const { tensors, bytesInUse, blocks } = memory();
  assertEquals(
    { tensors, bytesInUse, blocks },
    { tensors: empty.tensors, bytesInUse: empty.bytesInUse, blocks: empty.blocks },
  );
});
