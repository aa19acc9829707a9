import { spatialSize } from "../../output_size.ts";
import type { Triple } from "../../triple.ts";
import { runStrips } from "./depthwise_conv3d.ts";
import { PLACE_WGSL } from "./grids.ts";
import { given, sizeOf, vectorsOf, type WebgpuKernel } from "./webgpu_kernel.ts";

const NAME = "DepthwiseConv3dBackpropInput";

/** At stride 1 a convolution with the taps in reverse; else each voxel looks for the outputs that it went into. */
export const depthwiseConv3dBackpropInput: WebgpuKernel<"DepthwiseConv3dBackpropInput"> = (
  backend,
  { dy, filter, bias },
  { strides, padding, inputShape },
) => {
  const dx = backend.output(inputShape);
  const kernel = filter.shape.slice(0, 3) as Triple;
  if (strides.every((stride) => stride === 1)) {
    const mirrored = kernel.map((k, i) => k - 1 - padding[i]) as Triple;
    runStrips(backend, {
      ...{ name: NAME, x: dy, filter, bias, y: dx },
      ...{ strides, padding: mirrored, reversed: true },
    });
    return dx;
  }
  const { lanes, vectors } = vectorsOf(inputShape[4]);
  const [depth, height, width] = spatialSize(inputShape);
  const [fromDepth, fromHeight, fromWidth] = spatialSize(dy.shape);
  const [padD, padH, padW] = padding;
  backend.run({
    name: NAME,
    inputs: given({ dy, weights: filter, bias }),
    outputs: { dx },
    lanes,
    sizes: {
      ...{ depth, height, width, vectors },
      ...{ fromDepth, fromHeight, fromWidth, padD, padH, padW },
    },
    invocations: sizeOf(inputShape) / lanes,
    body: gatherShader(kernel, { strides, hasBias: bias !== undefined }),
  });
  return dx;
};

function gatherShader(
  [kD, kH, kW]: Triple,
  { strides: [sD, sH, sW], hasBias }: { strides: Triple; hasBias: boolean },
): string {
  const axis = (t: string, { at, stride, from }: { at: string; stride: number; from: string }) => `
    let ${t}o = i32(${at}) - i32(t${t});
    if (${t}o < 0 || ${t}o % ${stride} != 0 || ${t}o / ${stride} >= i32(p.${from})) { continue; }
    let ${t} = u32(${t}o / ${stride});`;
  return `${PLACE_WGSL}
  var sum = ${hasBias ? "bias[c]" : "T(0)"};
  for (var tz = 0u; tz < ${kD}u; tz++) {${
    axis("z", { at: "d + p.padD", stride: sD, from: "fromDepth" })
  }
  for (var ty = 0u; ty < ${kH}u; ty++) {${
    axis("y", { at: "h + p.padH", stride: sH, from: "fromHeight" })
  }
  for (var tx = 0u; tx < ${kW}u; tx++) {${
    axis("x", { at: "w + p.padW", stride: sW, from: "fromWidth" })
  }
    let source = ((n * p.fromDepth + z) * p.fromHeight + y) * p.fromWidth + x;
    sum += dy[source * p.vectors + c] * weights[((tz * ${kH}u + ty) * ${kW}u + tx) * p.vectors + c];
  } } }
  dx[index] = sum;`;
}
