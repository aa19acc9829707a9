/**
 * Writes the weights and the inputs of a work, so that both sides do the same: `prepare.ts TASK`, TASK as JSON.
 *
 * In a process of its own, so that it does not count in any measurement.
 */
import { setBackend } from "@mednext/kernels";
import { createMedNeXt, type StateDict, stateDict, writeSafetensors } from "@mednext/mednext";
import { networkOf, type Task } from "./task.ts";

/** Two balls in noise: labels 0, 1 and 2, and an image in which they are brighter. */
function inputs(voxels: number): StateDict {
  const shape = [voxels, voxels, voxels];
  const image = new Float32Array(voxels ** 3);
  const labels = new Float32Array(voxels ** 3);
  let state = 1;
  for (let i = 0; i < image.length; i++) {
    const at = [Math.floor(i / voxels ** 2), Math.floor(i / voxels) % voxels, i % voxels];
    const distance = (centre: number) => Math.hypot(...at.map((v) => v / voxels - centre));
    labels[i] = distance(0.35) < 0.2 ? 1 : distance(0.65) < 0.2 ? 2 : 0;
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // Numerical Recipes' generator
    image[i] = labels[i] + state / 2 ** 32 - 0.5;
  }
  return new Map([["image", { shape, data: image }], ["labels", { shape, data: labels }]]);
}

const task: Task = JSON.parse(Deno.args[0]);
await setBackend("cpu");
const model = createMedNeXt(networkOf(task));
await Deno.writeFile(task.weights, writeSafetensors(stateDict(model)));
await Deno.writeFile(task.inputs, writeSafetensors(inputs(task.work.voxels)));
