/**
 * The units' layers inside a model.
 * @module
 */
import type { tf } from "@mednext/kernels";
import { modelConfig } from "../model_config.ts";
import { unitsOf } from "./unit.ts";
import type { UnitLayer } from "./unit_layer.ts";

/** The layers that have parameters, in the order of the release's state dict. */
export function unitLayersOf(model: tf.LayersModel): UnitLayer[] {
  return unitsOf(modelConfig(model)).map(({ name }) => model.getLayer(name) as UnitLayer);
}
