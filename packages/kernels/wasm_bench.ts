// Speed of the kernels of the wasm backend: `deno bench -A packages/kernels/wasm_bench.ts`. Names give the work of one
// call in MFLOP; divided by the time in milliseconds that is GFLOP/s.
import { registerWasmBackend } from "./wasm/register.ts";
import { runKernelWithOutputs } from "./run_kernel.ts";
import { tf } from "./tf.ts";

/** Channels before and after, on a grid of so many voxels per axis. */
const POINTWISE: [number, number, number][] = [[32, 32, 64], [32, 64, 32], [16, 128, 256]];
/** Grid, channels before and after, kernel, stride. */
const DENSE: [number, number, number, number, number][] = [
  [32, 32, 32, 3, 1],
  [32, 32, 64, 3, 2],
  [48, 1, 32, 3, 1],
];
/** Grid, channels, kernel, stride. */
const DEPTHWISE: [number, number, number, number][] = [
  [32, 32, 3, 1],
  [32, 32, 5, 1],
  [32, 32, 7, 1],
  [32, 32, 3, 2],
  [32, 32, 5, 2],
  [16, 64, 3, 1],
];
/** Grid and channels. */
const PER_VOXEL: [number, number][] = [[32, 32]];

await registerWasmBackend({ threads: 1 });
await tf.setBackend("wasm");

function volume(size: number, channels: number): tf.Tensor {
  return tf.keep(tf.randomNormal([1, size, size, size, channels], 0, 1, "float32", 1).mul(1));
}

/** One benchmark; the outputs are freed, the inputs stay. */
function bench(
  name: string,
  { kernel, flops, inputs, attrs = {} }: {
    kernel: string;
    /** Left out where the memory is the limit. */
    flops?: number;
    inputs: Record<string, tf.Tensor>;
    attrs?: object;
  },
): void {
  const run = runKernelWithOutputs as (name: string, inputs: object, attrs: object) => tf.Tensor[];
  const work = flops === undefined ? "" : `, ${(flops / 1e6).toFixed(0)} MFLOP`;
  Deno.bench(`${kernel} ${name}${work}`, { group: kernel }, () => {
    tf.dispose(run(kernel, inputs, attrs));
  });
}

for (const [size, cin, cout] of POINTWISE) {
  const name = `${size}³ ${cin} -> ${cout}`;
  const flops = 2 * size ** 3 * cin * cout;
  const [x, dy] = [volume(size, cin), volume(size, cout)];
  const filter = tf.keep(tf.randomNormal([cin, cout]));
  bench(name, { kernel: "Pointwise", flops, inputs: { x, filter } });
  bench(name, { kernel: "PointwiseBackpropInput", flops, inputs: { dy, filter } });
  bench(name, { kernel: "PointwiseBackpropFilter", flops, inputs: { x, dy } });
}

for (const [size, channels, k, stride] of DEPTHWISE) {
  const name = `${size}³ × ${channels}, k${k}, stride ${stride}`;
  const out = Math.floor((size - 1) / stride) + 1;
  const flops = 2 * out ** 3 * channels * k ** 3;
  const [x, dy] = [volume(size, channels), volume(out, channels)];
  const filter = tf.keep(tf.randomNormal([k, k, k, channels]));
  const padding = [k >> 1, k >> 1, k >> 1];
  const attrs = {
    ...{ strides: [stride, stride, stride], padding },
    ...{ inputShape: x.shape, filterShape: filter.shape },
  };
  bench(name, { kernel: "DepthwiseConv3d", flops, inputs: { x, filter }, attrs });
  bench(name, { kernel: "DepthwiseConv3dBackpropInput", flops, inputs: { dy, filter }, attrs });
  bench(name, { kernel: "DepthwiseConv3dBackpropFilter", flops, inputs: { x, dy }, attrs });
}

for (const [size, cin, cout, k, stride] of DENSE) {
  const name = `${size}³ ${cin} -> ${cout}, k${k}, stride ${stride}`;
  const out = Math.floor((size - 1) / stride) + 1;
  const flops = 2 * out ** 3 * k ** 3 * cin * cout;
  // As the operations give it: with the zeros around it.
  const [x, dy] = [volume((out - 1) * stride + k, cin), volume(out, cout)];
  const filter = tf.keep(tf.randomNormal([k, k, k, cin, cout]));
  const attrs = {
    ...{ strides: [stride, stride, stride], pad: "valid" },
    ...{ inputShape: x.shape, filterShape: filter.shape },
  };
  bench(name, { kernel: "Conv3D", flops, inputs: { x, filter }, attrs });
  bench(name, { kernel: "Conv3DBackpropInputV2", flops, inputs: { dy, filter }, attrs });
  bench(name, { kernel: "Conv3DBackpropFilterV2", flops, inputs: { x, dy }, attrs });
}

for (const [size, channels] of PER_VOXEL) {
  const name = `${size}³ × ${channels}`;
  const [x, dy] = [volume(size, channels), volume(size, channels)];
  const gamma = tf.keep(tf.ones([channels]));
  const statistics = tf.keep(tf.ones([1, channels]));
  const saved = { gamma, mean: statistics, reciprocalStd: statistics };
  const attrs = { epsilon: 1e-5 };
  const labels = tf.keep(tf.zeros(x.shape.slice(0, 4), "int32"));
  const sums = tf.keep(tf.ones([1, 4, channels]));
  bench(name, { kernel: "SegmentationSums", inputs: { logits: x, labels } });
  bench(name, { kernel: "SegmentationSumsGrad", inputs: { logits: x, labels, dy: sums } });
  bench(name, { kernel: "Gelu", inputs: { x } });
  bench(name, { kernel: "GeluGrad", inputs: { x, dy } });
  bench(name, { kernel: "GroupNorm", inputs: { x, gamma, beta: gamma }, attrs });
  bench(name, { kernel: "GroupNormGrad", inputs: { x, dy, ...saved } });
  bench(name, { kernel: "LayerNorm", inputs: { x, gamma, beta: gamma }, attrs });
  bench(name, { kernel: "ChannelSum", inputs: { x } });
}
