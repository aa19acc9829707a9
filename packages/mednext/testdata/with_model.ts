import type { tf } from "@mednext/kernels";
import type { MedNeXtConfig } from "../config.ts";
import { createMedNeXt } from "../create_mednext.ts";

/** Makes a network for the time of a call. */
export function withModel(config: MedNeXtConfig, use: (model: tf.LayersModel) => void): void {
  const model = createMedNeXt(config);
  try {
    use(model);
  } finally {
    model.dispose();
  }
}
