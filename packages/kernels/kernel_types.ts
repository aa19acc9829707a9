/**
 * What each kernel takes and gives: the contract between the operations in `ops/`, the gradients in
 * `gradients/` and every backend.
 *
 * All tensors are float32. A volume is `[N, D, H, W, C]`, a weight of a depthwise convolution
 * `[kD, kH, kW, C]`, a weight of a pointwise convolution `[Cin, Cout]`. The operations have checked
 * every shape before a kernel runs, so a kernel checks nothing again. An optional input that is not
 * given is absent: its key does not exist. Every kernel gives new tensors that share no memory with
 * its inputs, and the same inputs give the same bytes.
 *
 * @module
 */
import type { tf } from "./tf.ts";
import type { Triple } from "./triple.ts";

type Info = tf.TensorInfo;
type NoAttrs = Record<string, never>;

/** Strides and zero padding of a convolution, per axis. */
export interface ConvAttrs {
  /** Distance between neighbouring outputs in the input, 1 or 2. */
  strides: Triple;
  /** Zero voxels before and after each axis, 0 to k - 1. */
  padding: Triple;
}

/** The settings of one step of AdamW, by the names of `torch.optim.AdamW`. */
export interface AdamWAttrs {
  /** Learning rate of this step. */
  learningRate: number;
  /** Decoupled decay: the weights are first multiplied by 1 - learningRate · weightDecay. */
  weightDecay: number;
  /** Decay of the first moment. */
  beta1: number;
  /** Decay of the second moment. */
  beta2: number;
  /** Added to the root of the bias-corrected second moment. */
  epsilon: number;
  /** Number of this step, from 1. */
  step: number;
}

/** How an inverted bottleneck normalises. */
export interface InvertedBottleneckAttrs {
  /** Each channel over its voxels, or each voxel over its channels. */
  norm: "group" | "layer";
  /** Added to the variance. */
  epsilon: number;
}

/** What labels mean. */
export interface LabelAttrs {
  /** The label of voxels that do not count; all count if left out. */
  ignored?: number;
}

/** What labels mean where regions of several labels are looked for. */
export interface RegionAttrs extends LabelAttrs {
  /** The labels of each region, which may be in several. */
  regions: number[][];
}

/** Inputs, attributes and number of outputs of every kernel. */
export interface Kernels {
  /** -> y `[N, oD, oH, oW, C]`, o = floor((n + 2p - k) / s) + 1. Cross-correlation as in PyTorch. */
  DepthwiseConv3d: {
    inputs: { x: Info; filter: Info; bias?: Info };
    attrs: ConvAttrs;
    outputs: 1;
  };
  /**
   * -> dx of shape `inputShape`; the adjoint of `DepthwiseConv3d` in x: dx[i] = Σ dy[o]·filter[t] over
   * i = o·s - p + t. Also the forward pass of the transposed convolution, then perhaps with a bias,
   * which is added to every voxel.
   */
  DepthwiseConv3dBackpropInput: {
    inputs: { dy: Info; filter: Info; bias?: Info };
    attrs: ConvAttrs & { inputShape: number[] };
    outputs: 1;
  };
  /** -> `[kD, kH, kW, C]` = `filterShape`: dfilter[t, c] = Σ over n, o of x[n, o·s - p + t, c]·dy[n, o, c]. */
  DepthwiseConv3dBackpropFilter: {
    inputs: { x: Info; dy: Info };
    attrs: ConvAttrs & { filterShape: number[] };
    outputs: 1;
  };
  /** -> `[C]`: the sum over every axis but the last. */
  ChannelSum: { inputs: { x: Info }; attrs: NoAttrs; outputs: 1 };
  /** x `[..., Cin]`, filter `[Cin, Cout]`, bias `[Cout]` -> y `[..., Cout]`. */
  Pointwise: { inputs: { x: Info; filter: Info; bias?: Info }; attrs: NoAttrs; outputs: 1 };
  /** dy `[..., Cout]`, filter `[Cin, Cout]` -> dx `[..., Cin]`. */
  PointwiseBackpropInput: { inputs: { dy: Info; filter: Info }; attrs: NoAttrs; outputs: 1 };
  /** x `[..., Cin]`, dy `[..., Cout]` -> `[Cin, Cout]`. */
  PointwiseBackpropFilter: { inputs: { x: Info; dy: Info }; attrs: NoAttrs; outputs: 1 };
  /** -> every s-th voxel of each axis from 0: `[N, ceil(D / s), …, C]`. */
  Subsample3d: { inputs: { x: Info }; attrs: { strides: Triple }; outputs: 1 };
  /**
   * -> `outputShape` `[N, oD, oH, oW, C]`: voxel i of x at i·s, zero elsewhere, plus the bias
   * everywhere. o is (n - 1)·s + 1 in the forward pass; as the gradient of `Subsample3d` it may have
   * up to s - 1 more voxels at the end.
   */
  Dilate3d: {
    inputs: { x: Info; bias?: Info };
    attrs: { strides: Triple; outputShape: number[] };
    outputs: 1;
  };
  /** gamma, beta `[C]` -> y, mean `[N, C]`, reciprocalStd `[N, C]` = 1 / sqrt(variance + epsilon), biased. */
  GroupNorm: {
    inputs: { x: Info; gamma: Info; beta: Info };
    attrs: { epsilon: number };
    outputs: 3;
  };
  /** -> dx, dgamma `[C]`, dbeta `[C]`. */
  GroupNormGrad: {
    inputs: { x: Info; dy: Info; gamma: Info; mean: Info; reciprocalStd: Info };
    attrs: NoAttrs;
    outputs: 3;
  };
  /** Statistics over C of each voxel -> y, mean `[N, D, H, W]`, reciprocalStd `[N, D, H, W]`. */
  LayerNorm: {
    inputs: { x: Info; gamma: Info; beta: Info };
    attrs: { epsilon: number };
    outputs: 3;
  };
  /** -> dx, dgamma `[C]`, dbeta `[C]`. */
  LayerNormGrad: {
    inputs: { x: Info; dy: Info; gamma: Info; mean: Info; reciprocalStd: Info };
    attrs: NoAttrs;
    outputs: 3;
  };
  /** Any shape -> x·Φ(x), Φ the normal distribution function (the exact, erf form). */
  Gelu: { inputs: { x: Info }; attrs: NoAttrs; outputs: 1 };
  /** -> dx = dy·(Φ(x) + x·φ(x)). */
  GeluGrad: { inputs: { x: Info; dy: Info }; attrs: NoAttrs; outputs: 1 };
  /** -> y = gamma·(x·n) + beta + x, norm `[N, C]` = ‖x‖₂ over D, H, W; n = norm / (mean of norm over C + epsilon). */
  GlobalResponseNorm: {
    inputs: { x: Info; gamma: Info; beta: Info };
    attrs: { epsilon: number };
    outputs: 2;
  };
  /** -> dx, dgamma `[C]`, dbeta `[C]`; where the norm is 0 its derivative is taken as 0. */
  GlobalResponseNormGrad: {
    inputs: { x: Info; dy: Info; gamma: Info; norm: Info };
    attrs: { epsilon: number };
    outputs: 3;
  };
  /**
   * Normalise x `[N, D, H, W, C]` over its voxels or over its channels, expand `[C, R]`, exact GELU, compress `[R, C']`,
   * add the residual `[N, D, H, W, C']` -> y `[N, D, H, W, C']`, mean and reciprocalStd as of `GroupNorm` or `LayerNorm`.
   */
  InvertedBottleneck: {
    inputs: {
      x: Info;
      gamma: Info;
      beta: Info;
      expand: Info;
      expandBias: Info;
      compress: Info;
      compressBias: Info;
      residual?: Info;
    };
    attrs: InvertedBottleneckAttrs;
    outputs: 3;
  };
  /** -> the gradients of x, gamma, beta, expand, expandBias, compress, compressBias; that of the residual is dy. */
  InvertedBottleneckGrad: {
    inputs: {
      x: Info;
      dy: Info;
      gamma: Info;
      beta: Info;
      expand: Info;
      expandBias: Info;
      compress: Info;
      mean: Info;
      reciprocalStd: Info;
    };
    attrs: InvertedBottleneckAttrs;
    outputs: 7;
  };
  /** -> y `[N, ...size, C]`; trilinear, half-pixel centres, edges clamped (align_corners = false). */
  ResizeTrilinear: { inputs: { x: Info }; attrs: { size: Triple }; outputs: 1 };
  /** dy `[N, ...size, C]` -> dx of shape `inputShape`: the adjoint. */
  ResizeTrilinearGrad: { inputs: { dy: Info }; attrs: { inputShape: number[] }; outputs: 1 };
  /**
   * logits `[N, ..., K]`, labels `[N, ...]` of int32, the only input that is not float32 -> `[N, 4, K]`. With p the softmax
   * of a voxel: Σ p of the class over the voxels with its label, Σ p of the class over all, the number of voxels with its
   * label, Σ -log p of the class over these. Labels below 0 are class 0; of K or more, a RangeError if the backend can tell.
   * Voxels whose label is `ignored` are in no sum.
   */
  SegmentationSums: {
    inputs: { logits: Info; labels: Info };
    attrs: LabelAttrs;
    outputs: 1;
  };
  /** dy `[N, 4, K]` -> the gradient for the logits. */
  SegmentationSumsGrad: {
    inputs: { logits: Info; labels: Info; dy: Info };
    attrs: LabelAttrs;
    outputs: 1;
  };
  /**
   * logits `[N, ..., R]`, labels `[N, ...]` of int32 -> `[N, 4, R]`. With p the sigmoid of a logit and a region a list of
   * labels: Σ p over the voxels in the region, Σ p over all, the number of voxels in the region, Σ of the binary
   * cross-entropy over all. Voxels whose label is `ignored` are in no sum.
   */
  RegionSums: {
    inputs: { logits: Info; labels: Info };
    attrs: RegionAttrs;
    outputs: 1;
  };
  /** dy `[N, 4, R]` -> the gradient for the logits. */
  RegionSumsGrad: {
    inputs: { logits: Info; labels: Info; dy: Info };
    attrs: RegionAttrs;
    outputs: 1;
  };
  /** Four tensors of one shape -> weights', firstMoment', secondMoment'. */
  AdamWStep: {
    inputs: { weights: Info; gradient: Info; firstMoment: Info; secondMoment: Info };
    attrs: AdamWAttrs;
    outputs: 3;
  };
}

/** The name of a kernel. */
export type KernelName = keyof Kernels;
