import type { TensorInfo } from "@tensorflow/tfjs";
import { convSize, spatialSize } from "../../output_size.ts";
import type { Triple } from "../../triple.ts";
import type { DeviceBackend } from "../backend.ts";
import { given, vectorsOf, type WebgpuKernel } from "./webgpu_kernel.ts";

/** Outputs along W that one invocation computes: they share what they read. */
const STRIP = 4;

export const depthwiseConv3d: WebgpuKernel<"DepthwiseConv3d"> = (
  backend,
  { x, filter, bias },
  { strides, padding },
) => {
  const kernel = filter.shape.slice(0, 3) as Triple;
  const size = convSize(spatialSize(x.shape), { kernel, strides, padding });
  const y = backend.output([x.shape[0], ...size, x.shape[4]]);
  runStrips(backend, { name: "DepthwiseConv3d", x, filter, bias, y, strides, padding });
  return y;
};

/** What a convolution reads and writes. */
export interface Strips {
  /** The kernel, for messages. */
  name: string;
  x: TensorInfo;
  filter: TensorInfo;
  bias?: TensorInfo;
  y: TensorInfo;
  strides: Triple;
  padding: Triple;
  /** Whether the taps are taken from the last to the first, as the adjoint does. */
  reversed?: boolean;
}

/** y[o] = bias + Σ x[o·s - p + t]·filter[t]; what lies outside of x is zero. */
export function runStrips(backend: DeviceBackend, options: Strips): void {
  const { name, x, filter, bias, y, padding } = options;
  const { lanes, vectors } = vectorsOf(y.shape[4]);
  const [batch, depth, height, width] = y.shape;
  const [fromDepth, fromHeight, fromWidth] = spatialSize(x.shape);
  const [padD, padH, padW] = padding;
  const strips = Math.ceil(width / STRIP);
  backend.run({
    name,
    inputs: given({ x, weights: filter, bias }),
    outputs: { y },
    lanes,
    sizes: {
      ...{ depth, height, width, vectors, strips },
      ...{ fromDepth, fromHeight, fromWidth, padD, padH, padW },
    },
    invocations: batch * depth * height * strips * vectors,
    body: stripShader(filter.shape as unknown as Triple, options),
  });
}

function stripShader([kD, kH, kW]: Triple, { strides, bias, reversed = false }: Strips): string {
  const [sD, sH, sW] = strides;
  const outputs = Array.from({ length: STRIP }, (_, i) => i);
  const reads = Array.from({ length: (STRIP - 1) * sW + kW }, (_, i) => i);
  const taps = Array.from({ length: kW }, (_, i) => i);
  const tap = (t: string, k: number) => reversed ? `(${k - 1}u - ${t})` : t;
  return `
  let c = index % p.vectors;
  let firstW = index / p.vectors % p.strips * ${STRIP}u;
  let h = index / (p.vectors * p.strips) % p.height;
  let d = index / (p.vectors * p.strips * p.height) % p.depth;
  let n = index / (p.vectors * p.strips * p.height * p.depth);
  let start = ${bias ? "bias[c]" : "T(0)"};
  ${outputs.map((i) => `var sum${i} = start;`).join(" ")}
  let left = i32(firstW * ${sW}u) - i32(p.padW);
  for (var tz = 0u; tz < ${kD}u; tz++) {
    let z = i32(d * ${sD}u + tz) - i32(p.padD);
    if (z < 0 || z >= i32(p.fromDepth)) { continue; }
    for (var ty = 0u; ty < ${kH}u; ty++) {
      let yy = i32(h * ${sH}u + ty) - i32(p.padH);
      if (yy < 0 || yy >= i32(p.fromHeight)) { continue; }
      let row = (i32(n * p.fromDepth) + z) * i32(p.fromHeight) + yy;
      let line = row * i32(p.fromWidth * p.vectors) + i32(c);
      ${reads.map((i) => `var x${i} = T(0);`).join(" ")}
      ${
    reads.map((i) =>
      `if (left + ${i} >= 0 && left + ${i} < i32(p.fromWidth)) { x${i} = x[line + (left + ${i}) * i32(p.vectors)]; }`
    ).join("\n      ")
  }
      let taps = ((${tap("tz", kD)} * ${kH}u + ${tap("ty", kH)}) * ${kW}u) * p.vectors + c;
      ${
    taps.map((t) =>
      `let f${t} = weights[taps + ${reversed ? kW - 1 - t : t}u * p.vectors]; ` +
      outputs.map((i) => `sum${i} += x${i * sW + t} * f${t};`).join(" ")
    ).join("\n      ")
  }
    }
  }
  let to = ((n * p.depth + d) * p.height + h) * p.width + firstW;
  ${
    outputs.map((i) =>
      `if (firstW + ${i}u < p.width) { y[(to + ${i}u) * p.vectors + c] = sum${i}; }`
    ).join("\n  ")
  }`;
}
