/**
 * The first layer.
 * @module
 */
import { pointwiseConv3d, tf } from "@mednext/kernels";
import { checkInput } from "../check_input.ts";
import type { MedNeXtConfig, ResolvedMedNeXtConfig } from "../config.ts";
import { resolveConfig } from "../resolve_config.ts";
import { UnitLayer, type UnitLayerOptions, type UnitWeights } from "./unit_layer.ts";

/** The stem's settings: those of a unit, and those of the whole network. */
export interface StemOptions extends UnitLayerOptions {
  /** The settings of the network; a saved model brings them along here. */
  network: MedNeXtConfig;
}

/** Input channels to base channels, voxel by voxel; refuses inputs that the network cannot take. */
export class MedNeXtStem extends UnitLayer {
  static className = "MedNeXtStem";
  /** The settings of the network. */
  readonly network: ResolvedMedNeXtConfig;

  constructor({ network, ...options }: StemOptions) {
    super(options);
    // TensorFlow.js turns texts of a saved model into lower case.
    const size = network.size?.toUpperCase() as MedNeXtConfig["size"];
    this.network = resolveConfig({ ...network, size });
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    checkInput((Array.isArray(inputs) ? inputs[0] : inputs).shape, this.network);
    return super.call(inputs);
  }

  protected forward(x: tf.Tensor5D, weights: UnitWeights): tf.Tensor5D {
    const { weight, bias } = weights as { weight: tf.Tensor2D; bias: tf.Tensor1D };
    return pointwiseConv3d(x, weight, { bias });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), network: { ...this.network } };
  }
}

tf.serialization.registerClass(MedNeXtStem);
