import { tf } from "@mednext/kernels";

/** A weight of a model under a name that every instance of the model shares. */
export interface NamedWeight {
  /** `layer/weight`. */
  name: string;
  /** Where the values live. */
  variable: tf.Variable;
  /** Whether training changes it by gradients. */
  trainable: boolean;
}

/** What is needed of a layer; models used as layers have layers themselves. */
interface LayerLike {
  name: string;
  getClassName(): string;
  weights: { originalName: string; trainable: boolean; read(): tf.Tensor }[];
  layers?: LayerLike[];
}

/**
 * All weights of a model, in the order of its layers.
 *
 * TensorFlow.js numbers layers without a name and variables of the same name through the whole process, so a second
 * instance of a model would get other names. Here such layers are numbered within the model.
 */
export function namedWeights(model: tf.LayersModel): NamedWeight[] {
  const weights = weightsBelow(model as unknown as LayerLike, "");
  const names = new Set<string>();
  for (const { name } of weights) {
    if (names.has(name)) {
      throw new Error(`Cannot name the weights of a model as "${name}" stands for two of them`);
    }
    names.add(name);
  }
  return weights;
}

function weightsBelow(parent: LayerLike, prefix: string): NamedWeight[] {
  const numbers = new Map<string, number>();
  return parent.layers!.flatMap((layer) => {
    const path = prefix + stableName(layer, numbers);
    if (layer.layers !== undefined) return weightsBelow(layer, `${path}/`);
    const seen = new Map<string, number>();
    return layer.weights.map((weight): NamedWeight => {
      const name = `${path}/${withinLayer(weight.originalName, layer.name)}`;
      const count = (seen.get(name) ?? 0) + 1;
      seen.set(name, count);
      const variable = weight.read();
      if (!(variable instanceof tf.Variable)) {
        throw new TypeError(`Cannot train "${name}" as it must be a variable: it is a tensor`);
      }
      const { trainable } = weight;
      return { name: count === 1 ? name : `${name}_${count}`, variable, trainable };
    });
  });
}

/** "dense_Dense7", the name of the seventh unnamed dense layer of the process, becomes "dense_1". */
function stableName(layer: LayerLike, numbers: Map<string, number>): string {
  const className = layer.getClassName();
  const match = /^(.*)_([^_]+?)\d+$/.exec(layer.name);
  const automatic = match !== null && match[2] === className &&
    match[1].replaceAll("_", "").toLowerCase() === className.toLowerCase();
  if (!automatic) return layer.name;
  const number = (numbers.get(match[1]) ?? 0) + 1;
  numbers.set(match[1], number);
  return `${match[1]}_${number}`;
}

/** The name of a weight without the scopes of the layers around it. */
function withinLayer(originalName: string, layer: string): string {
  const scope = originalName.lastIndexOf(`${layer}/`);
  return scope < 0 ? originalName : originalName.slice(scope + layer.length + 1);
}
