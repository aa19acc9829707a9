import { spatialSize } from "../../output_size.ts";
import type { Triple } from "../../triple.ts";
import { sumParts } from "./column_sums.ts";
import { sizeOf, vectorsOf, type WebgpuKernel } from "./webgpu_kernel.ts";

const NAME = "DepthwiseConv3dBackpropFilter";
/** Invocations that keep a device busy; each sums over rows of W, for all taps of one row of the filter. */
const INVOCATIONS = 65536;

export const depthwiseConv3dBackpropFilter: WebgpuKernel<"DepthwiseConv3dBackpropFilter"> = (
  backend,
  { x, dy },
  { strides, padding, filterShape },
) => {
  const [kD, kH, kW, channels] = filterShape;
  const { lanes, vectors } = vectorsOf(channels);
  const [batch, depth, height, width] = dy.shape;
  const rows = batch * depth * height;
  const parts = Math.max(1, Math.min(rows, Math.ceil(INVOCATIONS / (kD * kH * vectors))));
  const partial = backend.output([parts, ...filterShape]);
  const [fromDepth, fromHeight, fromWidth] = spatialSize(x.shape);
  const [padD, padH, padW] = padding;
  backend.run({
    name: NAME,
    inputs: { x, dy },
    outputs: { partial },
    lanes,
    sizes: {
      ...{ depth, height, width, vectors, rows, parts },
      ...{ fromDepth, fromHeight, fromWidth, padD, padH, padW },
    },
    invocations: sizeOf(partial.shape) / kW / lanes,
    body: shader([kD, kH, kW], strides),
  });
  const dfilter = backend.output(filterShape);
  sumParts(backend, { name: NAME, partial, total: dfilter, parts });
  backend.release(partial);
  return dfilter;
};

/** The window along W slides in registers: each output reads only what the one before it has not. */
function shader([kD, kH, kW]: Triple, [sD, sH, sW]: Triple): string {
  const taps = Array.from({ length: kW }, (_, t) => t);
  const read = (t: number) =>
    `if (left + ${t} >= 0 && left + ${t} < i32(p.fromWidth)) { x${t} = x[line + (left + ${t}) * i32(p.vectors)]; }`;
  return `
  let c = index % p.vectors;
  let ty = index / p.vectors % ${kH}u;
  let tz = index / (p.vectors * ${kH}u) % ${kD}u;
  let part = index / (p.vectors * ${kH * kD}u);
  ${taps.map((t) => `var sum${t} = T(0);`).join(" ")}
  for (var row = part; row < p.rows; row += p.parts) {
    let h = row % p.height;
    let d = row / p.height % p.depth;
    let n = row / (p.height * p.depth);
    let z = i32(d * ${sD}u + tz) - i32(p.padD);
    let y = i32(h * ${sH}u + ty) - i32(p.padH);
    if (z < 0 || z >= i32(p.fromDepth) || y < 0 || y >= i32(p.fromHeight)) { continue; }
    let fromRow = (i32(n * p.fromDepth) + z) * i32(p.fromHeight) + y;
    let line = fromRow * i32(p.fromWidth * p.vectors) + i32(c);
    var left = -i32(p.padW);
    ${taps.map((t) => `var x${t} = T(0);`).join(" ")}
    ${taps.slice(0, Math.max(0, kW - sW)).map(read).join("\n    ")}
    for (var w = 0u; w < p.width; w++) {
      ${taps.slice(Math.max(0, kW - sW)).map((t) => `x${t} = T(0); ${read(t)}`).join("\n      ")}
      let g = dy[(row * p.width + w) * p.vectors + c];
      ${taps.map((t) => `sum${t} += x${t} * g;`).join(" ")}
      ${taps.slice(0, Math.max(0, kW - sW)).map((t) => `x${t} = x${t + sW};`).join(" ")}
      left += ${sW};
    }
  }
  ${
    taps.map((t) => `partial[(index / p.vectors * ${kW}u + ${t}u) * p.vectors + c] = sum${t};`)
      .join("\n  ")
  }`;
}
