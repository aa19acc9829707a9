import type { TensorInfo } from "@tensorflow/tfjs";
import { spatialSize } from "../../output_size.ts";
import { neighbours } from "../../trilinear_neighbours.ts";
import type { Triple } from "../../triple.ts";
import type { DeviceBackend } from "../backend.ts";
import { PLACE_WGSL } from "./grids.ts";
import { sizeOf, vectorsOf, type WebgpuKernel } from "./webgpu_kernel.ts";

export const resizeTrilinear: WebgpuKernel<"ResizeTrilinear"> = (backend, { x }, { size }) => {
  const from = spatialSize(x.shape);
  const { lanes, vectors } = vectorsOf(x.shape[4]);
  const y = backend.output([x.shape[0], ...size, x.shape[4]]);
  const tables = tablesOf(backend, { from, to: size });
  backend.run({
    name: "ResizeTrilinear",
    inputs: { x, low: tables.low, weight: tables.weight },
    outputs: { y },
    lanes,
    sizes: { ...sizesOf({ here: size, there: from }), vectors },
    invocations: sizeOf(y.shape) / lanes,
    body: `${PLACE_WGSL}
  let at = vec3u(d, p.depth + h, p.depth + p.height + w);
  var sum = T(0);
  for (var corner = 0u; corner < 8; corner++) {
    let second = vec3u(corner >> 2, (corner >> 1) & 1, corner & 1);
    let first = vec3u(u32(low[at.x]), u32(low[at.y]), u32(low[at.z]));
    let source = min(first + second, vec3u(p.fromDepth, p.fromHeight, p.fromWidth) - 1);
    let high = vec3f(weight_at(at.x), weight_at(at.y), weight_at(at.z));
    let factors = select(1 - high, high, second == vec3u(1));
    let place = ((n * p.fromDepth + source.x) * p.fromHeight + source.y) * p.fromWidth + source.z;
    sum += x[place * p.vectors + c] * (factors.x * factors.y * factors.z);
  }
  y[index] = sum;`,
    declarations: weightAt(lanes),
  });
  backend.release(...Object.values(tables));
  return y;
};

/** Every voxel looks for the outputs that read it: those whose first neighbour is this one or the one before. */
export const resizeTrilinearGrad: WebgpuKernel<"ResizeTrilinearGrad"> = (
  backend,
  { dy },
  { inputShape },
) => {
  const [here, there] = [spatialSize(inputShape), spatialSize(dy.shape)];
  const { lanes, vectors } = vectorsOf(inputShape[4]);
  const dx = backend.output(inputShape);
  const tables = tablesOf(backend, { from: here, to: there });
  const axis = (axis: string, { at, from, first }: Record<"at" | "from" | "first", string>) => `
    let ${axis} = ${first} + o${axis};
    let ${axis}Low = u32(low[${axis}]);
    var ${axis}Factor = 0.0;
    if (${axis}Low == ${at}) { ${axis}Factor += 1.0 - weight_at(${axis}); }
    if (min(${axis}Low + 1, p.${from} - 1) == ${at}) { ${axis}Factor += weight_at(${axis}); }
    if (${axis}Factor == 0.0) { continue; }`;
  const loop = (axis: string, { from, to }: { from: string; to: string }) =>
    `for (var o${axis} = first_of(${from}); o${axis} < last_of(${to}); o${axis}++) {`;
  backend.run({
    name: "ResizeTrilinearGrad",
    inputs: { dy, low: tables.low, weight: tables.weight, ranges: tables.ranges },
    outputs: { dx },
    lanes,
    sizes: { ...sizesOf({ here, there }), vectors },
    invocations: sizeOf(inputShape) / lanes,
    declarations: `${weightAt(lanes)}
fn first_of(at: u32) -> u32 { return u32(ranges[at * 2]); }
fn last_of(at: u32) -> u32 { return u32(ranges[at * 2 + 1]); }`,
    body: `${PLACE_WGSL}
  var sum = T(0);
  ${loop("Z", { from: "d", to: "d" })}${axis("Z", { at: "d", from: "depth", first: "0u" })}
  ${loop("Y", { from: "p.depth + h", to: "p.depth + h" })}${
      axis("Y", { at: "h", from: "height", first: "p.fromDepth" })
    }
  ${loop("X", { from: "p.depth + p.height + w", to: "p.depth + p.height + w" })}${
      axis("X", { at: "w", from: "width", first: "p.fromDepth + p.fromHeight" })
    }
    let place = ((n * p.fromDepth + oZ) * p.fromHeight + oY) * p.fromWidth + oX;
    sum += dy[place * p.vectors + c] * (ZFactor * YFactor * XFactor);
  } } }
  dx[index] = sum;`,
  });
  backend.release(...Object.values(tables));
  return dx;
};

function sizesOf({ here, there }: Record<"here" | "there", Triple>): Record<string, number> {
  const [depth, height, width] = here;
  const [fromDepth, fromHeight, fromWidth] = there;
  return { depth, height, width, fromDepth, fromHeight, fromWidth };
}

/** The weights are one float each, whatever a T is. */
function weightAt(lanes: 1 | 4): string {
  const value = lanes === 4 ? "weight[at / 4][at % 4]" : "weight[at]";
  return `fn weight_at(at: u32) -> f32 { return ${value}; }`;
}

/** The first neighbours of the outputs of all three axes, their weights, and for each input which outputs may read it. */
function tablesOf(
  backend: DeviceBackend,
  { from, to }: { from: Triple; to: Triple },
): Record<"low" | "weight" | "ranges", TensorInfo> {
  const axes = from.map((size, axis) => neighbours(size, to[axis]));
  const low = Int32Array.from(axes.flat(), (each) => each.low);
  const weights = axes.flat().map(({ weight }) => weight);
  // Whole vectors, as the shader may read them so.
  while (weights.length % 4 > 0) weights.push(0);
  const ranges = from.flatMap((size, axis) =>
    Array.from({ length: size }, (_, i) => {
      const reads = axes[axis].map(({ low, high }) => low === i || high === i);
      return [Math.max(0, reads.indexOf(true)), reads.lastIndexOf(true) + 1];
    }).flat()
  );
  return {
    low: backend.makeTensorInfo([low.length], "int32", low),
    weight: backend.makeTensorInfo([weights.length], "float32", new Float32Array(weights)),
    ranges: backend.makeTensorInfo([ranges.length], "int32", new Int32Array(ranges)),
  };
}
