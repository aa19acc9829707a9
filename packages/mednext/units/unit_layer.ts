/**
 * What the five kinds of layer share.
 * @module
 */
import { rematerialize, tf } from "@mednext/kernels";
import { fanInUniform, type Initializer, type Shape, type Weight } from "@mednext/layers";
import { parametersOf, type ParameterSpec } from "./parameters.ts";
import type { Unit } from "./unit.ts";

/** The settings of a unit's layer, as JSON. */
export interface UnitLayerOptions extends Unit {
  /** Draws the first weights. */
  seed: number;
  /** Whether only the input is kept for the backward pass. */
  rematerialize: boolean;
}

/** A unit's weights by their name inside the unit. */
export type UnitWeights = Readonly<Record<string, tf.Tensor>>;

function initializer({ start }: ParameterSpec, seed: number, stream: string): Initializer {
  if ("fanIn" in start) return fanInUniform(start.fanIn, { seed, stream });
  return start.constant === 1 ? tf.initializers.ones() : tf.initializers.zeros();
}

/**
 * One unit of the network as a layer. TensorFlow.js wants layers as subclasses of its own; a kind adds only
 * `forward` and `outputSize`.
 *
 * Images are volumes of depth one: the kernels are three-dimensional, of size one along D.
 */
export abstract class UnitLayer extends tf.layers.Layer {
  /** What the unit is. */
  readonly unit: Unit;
  /** Draws the first weights. */
  readonly seed: number;
  /** Whether only the input is kept for the backward pass. */
  readonly rematerialize: boolean;
  /** The parameters with their variables, in the order of the state dict; empty until built. */
  readonly parameters: { spec: ParameterSpec; weight: Weight }[] = [];

  constructor(options: UnitLayerOptions) {
    super({ name: options.name, trainable: (options as { trainable?: boolean }).trainable });
    const { seed, rematerialize, ...unit } = options;
    this.unit = unit;
    this.seed = seed;
    this.rematerialize = rematerialize;
  }

  /** The unit on volumes: a pure function of the input and the weights. */
  protected abstract forward(x: tf.Tensor5D, weights: UnitWeights): tf.Tensor5D;

  /** The size of the output along a spatial axis. */
  protected outputSize(size: number): number {
    return size;
  }

  override build(): void {
    for (const spec of parametersOf(this.unit)) {
      const start = initializer(spec, this.seed, `${this.unit.name}.${spec.name}`);
      const weight = this.addWeight(spec.name, spec.shape, "float32", start);
      this.parameters.push({ spec, weight });
    }
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    const names = this.parameters.map(({ spec }) => spec.name);
    const run = ([volume, ...weights]: tf.Tensor[]) =>
      this.forward(
        volume as tf.Tensor5D,
        Object.fromEntries(weights.map((weight, i) => [names[i], weight])),
      );
    return tf.tidy(() => {
      const volume = this.unit.dimensions === 2 ? tf.expandDims(x, 1) : x;
      const tensors = [volume, ...this.parameters.map(({ weight }) => weight.read())];
      const y = this.rematerialize ? rematerialize(run, tensors) : run(tensors);
      return this.unit.dimensions === 2 ? tf.squeeze(y, [1]) : y;
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const shape = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as Shape;
    const sizes = shape.slice(1, -1).map((n) => n === null ? null : this.outputSize(n));
    return [shape[0], ...sizes, this.unit.outputChannels];
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { unit, seed, rematerialize } = this;
    return { ...super.getConfig(), ...unit, seed, rematerialize };
  }
}
