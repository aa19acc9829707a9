/**
 * The architecture (arXiv 2303.09975; `MedNextV1.py` of the release, github.com/MIC-DKFZ/MedNeXt at 0b78ed8).
 * @module
 */
import { tf } from "@mednext/kernels";
import type { MedNeXtConfig, ResolvedMedNeXtConfig } from "./config.ts";
import { resolveConfig } from "./resolve_config.ts";
import { MedNeXtBlock } from "./units/block.ts";
import { MedNeXtDownBlock } from "./units/down_block.ts";
import { MedNeXtHead } from "./units/head.ts";
import { MedNeXtStem } from "./units/stem.ts";
import { LEVELS, type Unit, unitsOf } from "./units/unit.ts";
import { MedNeXtUpBlock } from "./units/up_block.ts";

/** A network: a TensorFlow.js model with one output, or five with deep supervision, from full to 1/16 resolution. */
export type MedNeXt = tf.LayersModel;

type Symbolic = tf.SymbolicTensor;

function layerOf(unit: Unit, config: ResolvedMedNeXtConfig): tf.layers.Layer {
  const { seed, rematerialize } = config;
  switch (unit.kind) {
    case "stem":
      return new MedNeXtStem({ ...unit, seed, rematerialize: false, network: config });
    case "head":
      return new MedNeXtHead({ ...unit, seed, rematerialize: false });
    case "block":
      return new MedNeXtBlock({ ...unit, seed, rematerialize });
    case "down":
      return new MedNeXtDownBlock({ ...unit, seed, rematerialize });
    case "up":
      return new MedNeXtUpBlock({ ...unit, seed, rematerialize });
  }
}

/** Wires the units: four levels down, the bottleneck, four levels up, each with a skip connection that is added. */
function connect(input: Symbolic, config: ResolvedMedNeXtConfig): Symbolic[] {
  const layers = new Map(unitsOf(config).map((unit) => [unit.name, layerOf(unit, config)]));
  const apply = (name: string, x: Symbolic) => layers.get(name)!.apply(x) as Symbolic;
  const stage = (name: string, index: number, x: Symbolic) => {
    for (let i = 0; i < config.blockCounts[index]; i++) x = apply(`${name}.${i}`, x);
    return x;
  };
  const skips: Symbolic[] = [];
  const features: Symbolic[] = [];
  let x = apply("stem", input);
  for (let level = 0; level < LEVELS; level++) {
    skips[level] = stage(`enc_block_${level}`, level, x);
    x = apply(`down_${level}`, skips[level]);
  }
  features[LEVELS] = x = stage("bottleneck", LEVELS, x);
  for (let level = LEVELS - 1; level >= 0; level--) {
    const skip = tf.layers.add({ name: `skip_${level}` });
    x = skip.apply([skips[level], apply(`up_${level}`, x)]) as Symbolic;
    features[level] = x = stage(`dec_block_${level}`, 2 * LEVELS - level, x);
  }
  const heads = config.deepSupervision ? features : features.slice(0, 1);
  return heads.map((feature, level) => apply(`out_${level}`, feature));
}

/**
 * Makes a MedNeXt with new weights, drawn as PyTorch draws them, from the seed.
 *
 * Input `[N, D, H, W, inputChannels]`, outputs logits `[N, D, H, W, classes]`; with deep supervision also at 1/2, 1/4,
 * 1/8 and 1/16 of the resolution. In 2-D the axis D is absent. Every spatial axis must be a multiple of 16
 * with more than one voxel at the bottleneck; other inputs are refused before any work.
 *
 * The backend must be set before; the model's `dispose()` frees its weights.
 *
 * @example
 * ```ts
 * import { createMedNeXt } from "@mednext/mednext";
 * import { setBackend, tf } from "@mednext/kernels";
 * import { assertEquals } from "@std/assert";
 *
 * await setBackend("cpu");
 * const model = createMedNeXt({ inputChannels: 1, classes: 3, baseChannels: 2 });
 * const logits = model.predict(tf.zeros([1, 16, 32, 16, 1])) as tf.Tensor;
 * assertEquals(logits.shape, [1, 16, 32, 16, 3]);
 * model.dispose();
 * ```
 * @param config The settings.
 * @returns The network.
 * @throws {RangeError} As `resolveConfig`.
 */
export function createMedNeXt(config: MedNeXtConfig): MedNeXt {
  const resolved = resolveConfig(config);
  const { dimensions, inputChannels } = resolved;
  const shape = [...Array(dimensions).fill(null), inputChannels];
  const input = tf.input({ shape, name: "input" });
  return tf.model({ inputs: input, outputs: connect(input, resolved), name: "mednext" });
}
