import { assertEquals, assertThrows } from "@std/assert";
import {
  adamwStep,
  conv3d,
  conv3dTranspose,
  depthwiseConv3d,
  depthwiseConv3dTranspose,
  gelu,
  globalResponseNorm,
  groupNorm,
  layerNorm,
  pointwiseConv3d,
  pointwiseConv3dTranspose,
  resizeTrilinear,
  setBackend,
  tf,
} from "../mod.ts";
import type { Triple } from "../triple.ts";

type Fault = [what: string, run: () => unknown, message: string];

const x = () => tf.ones([1, 4, 4, 4, 2]);
const filter = () => tf.ones([3, 3, 3, 2]);
const two = () => tf.ones([2]);
const three = () => tf.ones([3]);
const ofTwo = (gradient: tf.Tensor) => ({
  weights: two(),
  gradient,
  firstMoment: two(),
  secondMoment: two(),
});

const SHAPE_FAULTS: Fault[] = [
  [
    "depthwiseConv3d() when x is no volume",
    () => depthwiseConv3d(tf.ones([4, 4, 4, 2]), filter()),
    "Cannot compute depthwiseConv3d: expected x of shape [N, D, H, W, C], found [4, 4, 4, 2]",
  ],
  [
    "depthwiseConv3d() when x is empty",
    () => depthwiseConv3d(tf.ones([0, 4, 4, 4, 2]), filter()),
    "Cannot compute depthwiseConv3d: expected x with at least one voxel and channel, found [0, 4, 4, 4, 2]",
  ],
  [
    "depthwiseConv3d() when the channels differ",
    () => depthwiseConv3d(x(), tf.ones([3, 3, 3, 5])),
    "Cannot compute depthwiseConv3d: expected filter of shape [3, 3, 3, 2] as x is [1, 4, 4, 4, 2], found [3, 3, 3, 5]",
  ],
  [
    "depthwiseConv3d() when the filter is even",
    () => depthwiseConv3d(x(), tf.ones([3, 2, 3, 2])),
    "Cannot compute depthwiseConv3d: expected filter of odd sizes from 1 to 7, found [3, 2, 3, 2]",
  ],
  [
    "depthwiseConv3d() when nothing is left",
    () => depthwiseConv3d(x(), tf.ones([7, 7, 7, 2]), { padding: 0 }),
    "Cannot compute depthwiseConv3d: expected an output of at least one voxel per axis, found [-2, -2, -2] for x [1, 4, 4, 4, 2]",
  ],
  [
    "depthwiseConv3dTranspose() when the bias does not fit",
    () => depthwiseConv3dTranspose(x(), filter(), { bias: three() }),
    "Cannot compute depthwiseConv3dTranspose: expected bias of shape [2] as x is [1, 4, 4, 4, 2], found [3]",
  ],
  [
    "pointwiseConv3d() when the filter does not fit",
    () => pointwiseConv3d(x(), tf.ones([3, 4])),
    "Cannot compute pointwiseConv3d: expected filter of shape [2, 4] as x is [1, 4, 4, 4, 2], found [3, 4]",
  ],
  [
    "pointwiseConv3dTranspose() when the bias does not fit",
    () => pointwiseConv3dTranspose(x(), tf.ones([2, 3]), { bias: two() }),
    "Cannot compute pointwiseConv3dTranspose: expected bias of shape [3] as filter is [2, 3], found [2]",
  ],
  [
    "conv3d() when the filter does not fit",
    () => conv3d(x(), tf.ones([3, 3, 3, 4, 2])),
    "Cannot compute conv3d: expected filter of shape [3, 3, 3, 2, 2] as x is [1, 4, 4, 4, 2], found [3, 3, 3, 4, 2]",
  ],
  [
    "conv3dTranspose() when the filter has too few axes",
    () => conv3dTranspose(x(), filter()),
    "Cannot compute conv3dTranspose: expected filter of shape [kD, kH, kW, Cout, Cin], found [3, 3, 3, 2]",
  ],
  [
    "groupNorm() when gamma does not fit",
    () => groupNorm(x(), three(), two()),
    "Cannot compute groupNorm: expected gamma of shape [2] as x is [1, 4, 4, 4, 2], found [3]",
  ],
  [
    "layerNorm() when beta does not fit",
    () => layerNorm(x(), two(), three()),
    "Cannot compute layerNorm: expected beta of shape [2] as x is [1, 4, 4, 4, 2], found [3]",
  ],
  [
    "adamwStep() when the gradient does not fit",
    () => adamwStep(ofTwo(three()), { step: 1 }),
    "Cannot compute adamwStep: expected gradient of shape [2] as weights is [2], found [3]",
  ],
];

const OPTION_FAULTS: Fault[] = [
  [
    "depthwiseConv3d() when a stride is 3",
    () => depthwiseConv3d(x(), filter(), { strides: [1, 1, 3] }),
    "Cannot compute depthwiseConv3d: expected strides to be one integer or three (D, H, W) from 1 to 2, found [1,1,3]",
  ],
  [
    "depthwiseConv3dTranspose() when the padding is the kernel's size",
    () => depthwiseConv3dTranspose(x(), filter(), { padding: 3 }),
    "Cannot compute depthwiseConv3dTranspose: expected padding to be one integer or three (D, H, W) from 0 to [2, 2, 2], found 3",
  ],
  [
    "pointwiseConv3d() when there are two strides",
    () => pointwiseConv3d(x(), tf.ones([2, 2]), { strides: [1, 2] as unknown as Triple }),
    "Cannot compute pointwiseConv3d: expected strides to be one integer or three (D, H, W) from 1 to 2, found [1,2]",
  ],
  [
    "resizeTrilinear() when an axis gets no voxel",
    () => resizeTrilinear(x(), [4, 0, 4]),
    "Cannot compute resizeTrilinear: expected size to be one integer or three (D, H, W) from 1 to 2147483647, found [4,0,4]",
  ],
  [
    "globalResponseNorm() when epsilon is negative",
    () => globalResponseNorm(x(), two(), two(), { epsilon: -1 }),
    "Cannot compute globalResponseNorm: expected epsilon to be a finite number of at least 0, found -1",
  ],
  [
    "adamwStep() when the first step is called 0",
    () => adamwStep(ofTwo(two()), { step: 0 }),
    "Cannot compute adamwStep: expected step to be an integer of at least 1, found 0",
  ],
  [
    "adamwStep() when a decay is 1",
    () => adamwStep(ofTwo(two()), { step: 1, beta2: 1 }),
    "Cannot compute adamwStep: expected beta2 to be at least 0 and below 1, found 1",
  ],
  [
    "adamwStep() when the learning rate is no number",
    () => adamwStep(ofTwo(two()), { step: 1, learningRate: NaN }),
    "Cannot compute adamwStep: expected learningRate to be a finite number of at least 0, found NaN",
  ],
];

const TYPE_FAULTS: Fault[] = [
  [
    "gelu() when x is int32",
    () => gelu(tf.tensor1d([1], "int32")),
    "Cannot compute gelu: expected x to be a float32 tensor, found int32",
  ],
  [
    "groupNorm() when gamma is missing",
    () => groupNorm(x(), undefined as unknown as tf.Tensor, two()),
    "Cannot compute groupNorm: expected gamma to be a float32 tensor, found undefined",
  ],
];

for (
  const [kind, faults] of [
    [RangeError, [...SHAPE_FAULTS, ...OPTION_FAULTS]],
    [TypeError, TYPE_FAULTS],
  ] as const
) {
  for (const [what, run, message] of faults) {
    const [symbol, when] = what.split(" when ");
    Deno.test(`${symbol} throws a ${kind.name} when ${when}`, async () => {
      await setBackend("cpu");
      const error = tf.tidy(() => {
        const thrown = assertThrows(run, kind);
        return { message: thrown.message };
      });
      assertEquals(error.message, message);
    });
  }
}
