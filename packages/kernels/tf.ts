/**
 * The one TensorFlow.js instance that every package shares.
 *
 * Importing `npm:@tensorflow/tfjs-core` alone resolves in Deno to a build without gradients, and two
 * copies of TensorFlow.js do not see each other's tensors; so everything takes `tf` from here.
 *
 * @example
 * ```ts
 * import { tf } from "@mednext/kernels";
 * import { assertEquals } from "@std/assert";
 *
 * const vector: tf.Tensor1D = tf.tensor1d([1, 2]);
 * assertEquals(vector.shape, [2]);
 * ```
 * @module
 */
import * as tfjs from "@tensorflow/tfjs";

/** TensorFlow.js, the whole library, with every gradient registered. */
export const tf: typeof tfjs = tfjs;

silenceCpuBackend();

/** The stock cpu backend greets on its first use in Node and Deno, to advertise another package. */
function silenceCpuBackend(): void {
  const factory = tfjs.findBackendFactory("cpu") as unknown as () => { firstUse: boolean };
  tfjs.removeBackend("cpu");
  tfjs.registerBackend("cpu", () => {
    const backend = factory();
    backend.firstUse = false;
    return backend as unknown as tfjs.KernelBackend;
  }, 1);
}

/**
 * The types of TensorFlow.js that the packages name.
 *
 * A namespace of types merges with the value above, so `tf.Tensor` and `tf.add` both work.
 */
export declare namespace tf {
  /** Any tensor. */
  export type Tensor<R extends tfjs.Rank = tfjs.Rank> = tfjs.Tensor<R>;
  /** A tensor with one value. */
  export type Scalar = tfjs.Scalar;
  /** A tensor of rank 1. */
  export type Tensor1D = tfjs.Tensor1D;
  /** A tensor of rank 2. */
  export type Tensor2D = tfjs.Tensor2D;
  /** A tensor of rank 3. */
  export type Tensor3D = tfjs.Tensor3D;
  /** A tensor of rank 4. */
  export type Tensor4D = tfjs.Tensor4D;
  /** A tensor of rank 5, `[N, D, H, W, C]`. */
  export type Tensor5D = tfjs.Tensor5D;
  /** The rank of a tensor. */
  export type Rank = tfjs.Rank;
  /** What a backend knows of a tensor. */
  export type TensorInfo = tfjs.TensorInfo;
  /** Tensors by name. */
  export type NamedTensorMap = tfjs.NamedTensorMap;
  /** A trainable value. */
  export type Variable<R extends tfjs.Rank = tfjs.Rank> = tfjs.Variable<R>;
  /** The type of the values of a tensor. */
  export type DataType = tfjs.DataType;
  /** A model made of layers. */
  export type LayersModel = tfjs.LayersModel;
  /** A tensor of the graph of a model, without values. */
  export type SymbolicTensor = tfjs.SymbolicTensor;
  /** The types of the layers. */
  export namespace layers {
    /** One layer of a model. */
    export type Layer = tfjs.layers.Layer;
  }
  /** The types of saving and loading. */
  export namespace serialization {
    /** The settings of a layer, as `getConfig` gives them. */
    export type ConfigDict = tfjs.serialization.ConfigDict;
  }
}
