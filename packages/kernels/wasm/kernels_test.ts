// Every kernel of the wasm backend against the cpu backend, for every binary. Shapes are chosen so that every path is
// taken: whole and partial vectors of channels, strips that fit and that do not, every stride, several tasks.
import { assert, assertEquals } from "@std/assert";
import type { KernelName, Kernels } from "../kernel_types.ts";
import { runKernelWithOutputs } from "../run_kernel.ts";
import { tf } from "../tf.ts";
import type { Triple } from "../triple.ts";
import { registerWasmBackend } from "./register.ts";

/** Largest difference from the cpu backend, relative to the largest value of the output. */
const TOLERANCE = 1e-5;

/** Names of the backends under test: one for each binary. */
const BACKENDS = {
  simd: "wasm-simd-test",
  relaxed_simd: "wasm-relaxed-test",
  wide_simd: "wasm-wide-test",
} as const;

interface Case<K extends KernelName = KernelName> {
  kernel: K;
  /** Shapes of the inputs. */
  shapes: Record<string, number[]>;
  attrs?: Kernels[K]["attrs"];
}

/** Values between -2 and 2 that depend on nothing but the seed. */
function noise(length: number, seed: number): Float32Array {
  let state = seed * 2654435761 >>> 0;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 30 - 2;
  });
}

function size(shape: number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}

/** The outputs of a kernel on a backend. Inputs that are variances by nature are made positive. */
async function outputs({ kernel, shapes, attrs }: Case, backend: string): Promise<Float32Array[]> {
  await tf.setBackend(backend);
  return tf.tidy(() => {
    const inputs = Object.fromEntries(
      Object.entries(shapes).map(([name, shape], index) => {
        const values = noise(size(shape), index + 1);
        const positive = ["reciprocalStd", "norm", "secondMoment"].includes(name);
        if (name === "labels") {
          return [name, tf.tensor(values.map((value) => Math.floor(value + 1)), shape, "int32")];
        }
        return [name, tf.tensor(positive ? values.map(Math.abs) : values, shape)];
      }),
    );
    const results = runKernelWithOutputs(kernel, inputs as never, attrs ?? {} as never);
    return [results].flat().map((tensor) => tensor.dataSync() as Float32Array);
  });
}

function depthwise(x: number[], kernel: Triple, stride: Triple, padding: Triple): Case[] {
  const channels = x[4];
  const out = kernel.map((k, axis) =>
    Math.floor((x[axis + 1] + 2 * padding[axis] - k) / stride[axis]) + 1
  );
  const dy = [x[0], ...out, channels];
  const filter = [...kernel, channels];
  const attrs = { strides: stride, padding };
  const bias = [channels];
  return [
    { kernel: "DepthwiseConv3d", shapes: { x, filter, bias }, attrs },
    { kernel: "DepthwiseConv3d", shapes: { x, filter }, attrs },
    {
      kernel: "DepthwiseConv3dBackpropInput",
      shapes: { dy, filter, bias },
      attrs: { ...attrs, inputShape: x },
    },
    {
      kernel: "DepthwiseConv3dBackpropFilter",
      shapes: { x, dy },
      attrs: { ...attrs, filterShape: filter },
    },
  ];
}

function pointwise(grid: number[], [cin, cout]: [number, number]): Case[] {
  const [x, dy, filter] = [[...grid, cin], [...grid, cout], [cin, cout]];
  return [
    { kernel: "Pointwise", shapes: { x, filter, bias: [cout] } },
    { kernel: "Pointwise", shapes: { x, filter } },
    { kernel: "PointwiseBackpropInput", shapes: { dy, filter } },
    { kernel: "PointwiseBackpropFilter", shapes: { x, dy } },
  ];
}

function perChannel(x: number[]): Case[] {
  const [gamma, statistics] = [[x[4]], [x[0], x[4]]];
  const voxels = x.slice(0, 4);
  const norm = { x, gamma, beta: gamma };
  const saved = { mean: statistics, reciprocalStd: statistics };
  return [
    { kernel: "ChannelSum", shapes: { x } },
    { kernel: "GroupNorm", shapes: norm, attrs: { epsilon: 1e-5 } },
    { kernel: "GroupNormGrad", shapes: { x, dy: x, gamma, ...saved } },
    { kernel: "LayerNorm", shapes: norm, attrs: { epsilon: 1e-5 } },
    {
      kernel: "LayerNormGrad",
      shapes: { x, dy: x, gamma, mean: voxels, reciprocalStd: voxels },
    },
    { kernel: "GlobalResponseNorm", shapes: norm, attrs: { epsilon: 1e-6 } },
    {
      kernel: "GlobalResponseNormGrad",
      shapes: { x, dy: x, gamma, norm: statistics },
      attrs: { epsilon: 1e-6 },
    },
    { kernel: "Gelu", shapes: { x } },
    { kernel: "GeluGrad", shapes: { x, dy: x } },
  ];
}

/** Convolutions of random sizes, always the same ones. */
function randomDepthwise(count: number): Case[] {
  let state = 1;
  const random = (n: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * n);
  };
  const triple = (pick: () => number) => [pick(), pick(), pick()] as Triple;
  return Array.from({ length: count }, () => {
    const kernel = triple(() => 1 + 2 * random(4));
    const stride = random(2) === 0 ? triple(() => 1 + random(2)) : triple(() => 1);
    const padding = kernel.map((k) => random(3) === 0 ? random(k) : k >> 1) as Triple;
    const size = kernel.map((k, axis) => k + random(axis === 2 ? 24 : 3));
    return depthwise([1 + random(2), ...size, 1 + random(9)], kernel, stride, padding);
  }).flat();
}

function segmentation(logits: number[], attrs = {}): Case[] {
  const shapes = { logits, labels: logits.slice(0, -1) };
  return [
    { kernel: "SegmentationSums", shapes, attrs },
    { kernel: "SegmentationSumsGrad", shapes: { ...shapes, dy: [logits[0], 4, logits[4]] }, attrs },
  ];
}

function regions(logits: number[]): Case[] {
  const shapes = { logits, labels: logits.slice(0, -1) };
  const attrs = {
    regions: Array.from({ length: logits[4] }, (_, r) => [r + 1, r + 2]),
    ignored: 0,
  };
  return [
    { kernel: "RegionSums", shapes, attrs },
    { kernel: "RegionSumsGrad", shapes: { ...shapes, dy: [logits[0], 4, logits[4]] }, attrs },
  ];
}

function resize(x: number[], size: Triple): Case[] {
  return [
    { kernel: "ResizeTrilinear", shapes: { x }, attrs: { size } },
    {
      kernel: "ResizeTrilinearGrad",
      shapes: { dy: [x[0], ...size, x[4]] },
      attrs: { inputShape: x },
    },
  ];
}

const CASES: Case[] = [
  ...resize([2, 3, 4, 5, 3], [6, 8, 10]),
  ...resize([1, 9, 8, 7, 5], [3, 4, 2]),
  ...resize([1, 1, 2, 3, 9], [4, 1, 3]),
  ...resize([2, 11, 7, 13, 4], [5, 17, 29]),
  ...regions([1, 3, 4, 5, 1]),
  ...regions([2, 3, 4, 5, 3]),
  ...regions([1, 13, 17, 19, 3]),
  ...regions([1, 5, 3, 7, 6]),
  ...segmentation([1, 3, 4, 5, 3]),
  ...segmentation([2, 13, 11, 7, 3], { ignored: 1 }),
  ...segmentation([2, 17, 18, 19, 3]),
  ...segmentation([2, 3, 3, 3, 4]),
  ...segmentation([1, 5, 5, 7, 6]),
  ...segmentation([1, 9, 9, 9, 35]),
  ...randomDepthwise(25),
  ...depthwise([2, 3, 4, 11, 5], [3, 3, 3], [1, 1, 1], [1, 1, 1]),
  ...depthwise([1, 3, 4, 17, 4], [5, 5, 5], [1, 1, 1], [2, 2, 2]),
  ...depthwise([1, 2, 2, 8, 4], [5, 5, 5], [1, 1, 1], [2, 2, 2]),
  ...depthwise([1, 2, 2, 9, 4], [5, 5, 5], [1, 1, 1], [2, 2, 2]),
  ...depthwise([1, 2, 2, 10, 4], [7, 7, 7], [1, 1, 1], [3, 3, 3]),
  ...depthwise([1, 2, 2, 19, 5], [7, 7, 7], [1, 1, 1], [3, 3, 3]),
  ...depthwise([1, 2, 3, 18, 4], [5, 5, 5], [1, 1, 1], [2, 2, 2]),
  ...depthwise([1, 2, 3, 17, 3], [3, 3, 3], [1, 1, 1], [1, 1, 1]),
  ...depthwise([1, 3, 3, 9, 6], [7, 7, 7], [1, 1, 1], [3, 3, 3]),
  ...depthwise([1, 2, 3, 4, 9], [3, 3, 3], [1, 1, 1], [1, 1, 1]),
  ...depthwise([1, 4, 3, 12, 2], [1, 3, 5], [1, 1, 1], [0, 1, 2]),
  ...depthwise([1, 4, 3, 12, 3], [3, 3, 3], [1, 1, 1], [0, 2, 0]),
  ...depthwise([2, 4, 6, 18, 7], [3, 3, 3], [2, 2, 2], [1, 1, 1]),
  ...depthwise([1, 5, 6, 7, 4], [5, 5, 5], [2, 2, 2], [2, 2, 2]),
  ...depthwise([1, 5, 4, 8, 3], [3, 5, 7], [1, 2, 2], [1, 2, 3]),
  ...pointwise([2, 3, 4, 5], [7, 9]),
  ...pointwise([1, 2, 3, 4], [1, 32]),
  ...pointwise([1, 5, 7, 9], [33, 3]),
  ...pointwise([1, 17, 17, 17], [4, 8]),
  ...perChannel([2, 3, 4, 5, 6]),
  ...perChannel([1, 9, 16, 16, 3]),
  ...perChannel([1, 2, 2, 2, 16]),
  ...perChannel([2, 3, 5, 7, 5]),
  { kernel: "Subsample3d", shapes: { x: [2, 3, 4, 5, 6] }, attrs: { strides: [2, 1, 2] } },
  {
    kernel: "Dilate3d",
    shapes: { x: [2, 2, 3, 3, 6], bias: [6] },
    attrs: { strides: [2, 1, 2], outputShape: [2, 3, 3, 5, 6] },
  },
  {
    kernel: "Dilate3d",
    shapes: { x: [1, 2, 3, 3, 5] },
    attrs: { strides: [2, 2, 2], outputShape: [1, 4, 6, 6, 5] },
  },
  {
    kernel: "AdamWStep",
    shapes: {
      weights: [5, 7],
      gradient: [5, 7],
      firstMoment: [5, 7],
      secondMoment: [5, 7],
    },
    attrs: {
      ...{ learningRate: 1e-3, weightDecay: 3e-5, beta1: 0.9, beta2: 0.999 },
      ...{ epsilon: 1e-4, step: 3 },
    },
  },
];

for (const [variant, backend] of Object.entries(BACKENDS)) {
  Deno.test(`the ${variant} kernels give what the cpu backend gives`, async (t) => {
    await registerWasmBackend({
      ...{ threads: 1, name: backend, variant: variant as keyof typeof BACKENDS },
    });
    for (const one of CASES) {
      const name = `${one.kernel} ${JSON.stringify(one.shapes)} ${JSON.stringify(one.attrs ?? {})}`;
      await t.step(name, async () => {
        const expected = await outputs(one, "cpu");
        const actual = await outputs(one, backend);
        assertEquals(actual.length, expected.length);
        for (const [index, values] of expected.entries()) {
          assertEquals(actual[index].length, values.length);
          const scale = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
          const worst = values.reduce(
            (largest, value, i) => Math.max(largest, Math.abs(value - actual[index][i])),
            0,
          );
          assert(
            worst <= TOLERANCE * scale,
            `output ${index}: expected a difference of at most ${
              TOLERANCE * scale
            }, found ${worst}`,
          );
        }
      });
    }
  });
}

Deno.test("the wide kernels give the same bytes as the relaxed ones", async (t) => {
  const [relaxed, wide] = [BACKENDS.relaxed_simd, BACKENDS.wide_simd];
  await registerWasmBackend({ threads: 1, name: relaxed, variant: "relaxed_simd" });
  await registerWasmBackend({ threads: 1, name: wide, variant: "wide_simd" });
  for (const one of CASES) {
    await t.step(`${one.kernel} ${JSON.stringify(one.shapes)}`, async () => {
      assertEquals(await outputs(one, wide), await outputs(one, relaxed));
    });
  }
});
