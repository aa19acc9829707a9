import { spatialSize, subsampledSize } from "../../output_size.ts";
import { given, sizeOf, vectorsOf, type WebgpuKernel } from "./webgpu_kernel.ts";

/** Takes the number of a value apart, in the grid `d`, `h`, `w` of T. */
export const PLACE_WGSL = `
  let c = index % p.vectors;
  let w = index / p.vectors % p.width;
  let h = index / (p.vectors * p.width) % p.height;
  let d = index / (p.vectors * p.width * p.height) % p.depth;
  let n = index / (p.vectors * p.width * p.height * p.depth);`;

export const subsample3d: WebgpuKernel<"Subsample3d"> = (backend, { x }, { strides }) => {
  const [batch, ...rest] = x.shape;
  const { lanes, vectors } = vectorsOf(rest[3]);
  const [depth, height, width] = subsampledSize(spatialSize(x.shape), strides);
  const y = backend.output([batch, depth, height, width, rest[3]]);
  const [fromDepth, fromHeight, fromWidth] = rest;
  const [strideD, strideH, strideW] = strides;
  backend.run({
    name: "Subsample3d",
    inputs: { x },
    outputs: { y },
    lanes,
    sizes: {
      ...{ depth, height, width, vectors, fromDepth, fromHeight, fromWidth },
      ...{ strideD, strideH, strideW },
    },
    invocations: sizeOf(y.shape) / lanes,
    body: `${PLACE_WGSL}
  let row = (n * p.fromDepth + d * p.strideD) * p.fromHeight + h * p.strideH;
  y[index] = x[(row * p.fromWidth + w * p.strideW) * p.vectors + c];`,
  });
  return y;
};

export const dilate3d: WebgpuKernel<"Dilate3d"> = (
  backend,
  { x, bias },
  { strides, outputShape },
) => {
  const { lanes, vectors } = vectorsOf(outputShape[4]);
  const y = backend.output(outputShape);
  const [depth, height, width] = spatialSize(outputShape);
  const [fromDepth, fromHeight, fromWidth] = spatialSize(x.shape);
  const [strideD, strideH, strideW] = strides;
  backend.run({
    name: "Dilate3d",
    inputs: given({ x, bias }),
    outputs: { y },
    lanes,
    sizes: {
      ...{ depth, height, width, vectors, fromDepth, fromHeight, fromWidth },
      ...{ strideD, strideH, strideW },
    },
    invocations: sizeOf(outputShape) / lanes,
    body: `${PLACE_WGSL}
  var value = ${bias ? "bias[c]" : "T(0)"};
  let source = vec3u(d, h, w) / vec3u(p.strideD, p.strideH, p.strideW);
  let onGrid = all(source * vec3u(p.strideD, p.strideH, p.strideW) == vec3u(d, h, w));
  if (onGrid && all(source < vec3u(p.fromDepth, p.fromHeight, p.fromWidth))) {
    value += x[(((n * p.fromDepth + source.x) * p.fromHeight + source.y) * p.fromWidth + source.z) * p.vectors + c];
  }
  y[index] = value;`,
  });
  return y;
};
