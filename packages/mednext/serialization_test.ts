import { assertEquals } from "@std/assert";
import { setBackend, tf } from "@mednext/kernels";
import type { MedNeXtConfig } from "./config.ts";
import { createMedNeXt } from "./create_mednext.ts";
import { modelConfig } from "./model_config.ts";
import { stateDict } from "./state_dict.ts";

await setBackend("auto");

const SMALL = { inputChannels: 1, classes: 2, baseChannels: 2 };
const CONFIGS: MedNeXtConfig[] = [
  { ...SMALL, size: "B", deepSupervision: true, grn: true, seed: 9 },
  { ...SMALL, size: "M", norm: "layer", dimensions: 2, encoderKernelSize: 5 },
  { ...SMALL, residual: false, residualResampling: false, rematerialize: true },
];

for (const config of CONFIGS) {
  Deno.test(`createMedNeXt() survives TensorFlow.js's own saving with ${JSON.stringify(config)}`, async () => {
    const model = createMedNeXt(config);
    let artifacts: Parameters<typeof tf.io.fromMemory>[0] | undefined;
    await model.save(tf.io.withSaveHandler((saved) => {
      artifacts = saved as typeof artifacts;
      const modelArtifactsInfo = { dateSaved: new Date(0), modelTopologyType: "JSON" as const };
      return Promise.resolve({ modelArtifactsInfo });
    }));
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(artifacts!));
    assertEquals(modelConfig(loaded), modelConfig(model));
    assertEquals([...stateDict(loaded)], [...stateDict(model)]);
    const x = config.dimensions === 2
      ? tf.randomUniform([1, 16, 32, 1], -1, 1, "float32", 1)
      : tf.randomUniform([1, 16, 16, 32, 1], -1, 1, "float32", 1);
    const values = [model, loaded].map((each) => {
      const output = each.predict(x) as tf.Tensor | tf.Tensor[];
      const heads = Array.isArray(output) ? output : [output];
      const data = heads.map((head) => head.dataSync());
      tf.dispose(heads);
      return data;
    });
    assertEquals(values[1], values[0]);
    tf.dispose([x]);
    model.dispose();
    loaded.dispose();
  });
}
