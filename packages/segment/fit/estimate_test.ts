import { assert } from "@std/assert";
import { memory, resetPeakMemory, setBackend } from "@mednext/kernels";
import { createMedNeXt, estimateMemory, type MedNeXtConfig } from "@mednext/mednext";
import { createFitState } from "./create_fit_state.ts";
import { trainStep } from "./train_step.ts";

const NETWORK: MedNeXtConfig = {
  inputChannels: 1,
  classes: 3,
  baseChannels: 8,
  deepSupervision: true,
};

/** The most bytes of the first two steps, with weights and moments. */
async function measuredPeak(config: MedNeXtConfig, side: number, patches: number): Promise<number> {
  const start = memory().bytesInUse;
  const model = createMedNeXt(config);
  const state = createFitState(model, { totalSteps: 100 });
  const voxels = patches * side ** 3;
  const images = Float32Array.from(
    { length: voxels * config.inputChannels },
    (_, i) => Math.sin(i * 0.37),
  );
  const labels = Uint8Array.from({ length: voxels }, (_, i) => i % 3);
  const shape = [patches, side, side, side] as [number, number, number, number];
  resetPeakMemory();
  for (let step = 0; step < 2; step++) {
    await trainStep(state, { images, labels, shape, channels: config.inputChannels });
  }
  const peak = memory().peakBytes! - start;
  state.dispose();
  model.dispose();
  return peak;
}

for (
  const { name, config, side, patches = 1 } of [
    { name: "8 channels, 32³", config: {}, side: 32 },
    { name: "8 channels, 48³", config: {}, side: 48 },
    { name: "16 channels, 32³", config: { baseChannels: 16 }, side: 32 },
    { name: "32 channels, 32³", config: { baseChannels: 32 }, side: 32 },
    { name: "two patches", config: {}, side: 32, patches: 2 },
    { name: "one head", config: { deepSupervision: false }, side: 32 },
    { name: "size M", config: { size: "M" as const }, side: 32 },
    { name: "layer normalisation", config: { norm: "layer" as const }, side: 32 },
    { name: "response normalisation", config: { grn: true }, side: 32 },
    { name: "no residuals", config: { residual: false, residualResampling: false }, side: 32 },
    { name: "other channels", config: { inputChannels: 4, classes: 10 }, side: 32 },
  ]
) {
  for (const rematerialize of [false, true]) {
    const again = rematerialize ? ", rematerialized" : "";
    Deno.test(`estimateMemory() is at most 15 % above a training step's peak, ${name}${again}`, async () => {
      await setBackend("wasm", { threads: 2 });
      const network = { ...NETWORK, ...config, rematerialize };
      const measured = await measuredPeak(network, side, patches);
      const { totalBytes } = estimateMemory(network, {
        patchSize: [side, side, side],
        batchSize: patches,
        training: true,
      });
      const ratio = totalBytes / measured;
      assert(ratio >= 1 && ratio < 1.15, `${totalBytes} bytes estimated, ${measured} measured`);
    });
  }
}
