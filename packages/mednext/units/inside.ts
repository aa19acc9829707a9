/**
 * What the three kinds of block share.
 * @module
 */
import type { tf } from "@mednext/kernels";
import { invertedBottleneck } from "@mednext/layers";
import type { Unit } from "./unit.ts";
import type { UnitWeights } from "./unit_layer.ts";

type Triple = [number, number, number];

/** A size along the spatial axes of the network, and another along D where that axis is made up. */
function spatial(unit: Unit, size: number, depth: number): Triple {
  return [unit.dimensions === 2 ? depth : size, size, size];
}

/** The settings of the depthwise convolution: padding k>>1, bias. */
export function depthwiseOptions(
  unit: Unit,
  weights: UnitWeights,
  stride: number,
): { bias: tf.Tensor1D; strides: Triple; padding: Triple } {
  return {
    bias: weights["conv1.bias"] as tf.Tensor1D,
    strides: spatial(unit, stride, 1),
    padding: spatial(unit, unit.kernelSize >> 1, 0),
  };
}

/** The settings of the pointwise convolution beside a down or up block: stride 2, bias. */
export function residualOptions(
  unit: Unit,
  weights: UnitWeights,
): { bias: tf.Tensor1D; strides: Triple } {
  return { bias: weights["res_conv.bias"] as tf.Tensor1D, strides: spatial(unit, 2, 1) };
}

/** Normalise, expand, GELU, perhaps global response normalisation, compress, add the residual. Frees x. */
export function inside(
  unit: Unit,
  x: tf.Tensor5D,
  { weights, residual }: { weights: UnitWeights; residual?: tf.Tensor5D },
): tf.Tensor5D {
  const convolution = (name: string) => ({
    filter: weights[`${name}.weight`] as tf.Tensor2D,
    bias: weights[`${name}.bias`] as tf.Tensor1D,
  });
  const affine = (gamma: string, beta: string) => ({
    gamma: weights[gamma] as tf.Tensor1D,
    beta: weights[beta] as tf.Tensor1D,
  });
  return invertedBottleneck(x, {
    norm: affine("norm.weight", "norm.bias"),
    expand: convolution("conv2"),
    response: unit.grn ? affine("grn_gamma", "grn_beta") : undefined,
    compress: convolution("conv3"),
  }, { norm: unit.norm, residual, disposeInput: true });
}
