import { deepMatmul, matmul } from "./matmul.ts";
import { given, sizeOf, type WebgpuKernel } from "./webgpu_kernel.ts";

export const pointwise: WebgpuKernel<"Pointwise"> = (backend, { x, filter, bias }) => {
  const [depth, columns] = filter.shape;
  const y = backend.output([...x.shape.slice(0, -1), columns]);
  matmul(backend, {
    name: "Pointwise",
    ...{ rows: sizeOf(x.shape) / depth, depth, columns },
    inputs: given({ x, weights: filter, bias }),
    outputs: { y },
    left: "x[row * p.depth + k]",
    right: "weights[k * p.columns + column]",
    store: `y[row * p.columns + column] = value${bias ? " + bias[column]" : ""};`,
    precision: backend.precision,
  });
  return y;
};

/** dx[i] = Σ dy[o]·filter[i, o]. */
export const pointwiseBackpropInput: WebgpuKernel<"PointwiseBackpropInput"> = (
  backend,
  { dy, filter },
) => {
  const [columns, depth] = filter.shape;
  const dx = backend.output([...dy.shape.slice(0, -1), columns]);
  matmul(backend, {
    name: "PointwiseBackpropInput",
    ...{ rows: sizeOf(dy.shape) / depth, depth, columns },
    inputs: { dy, weights: filter },
    outputs: { dx },
    left: "dy[row * p.depth + k]",
    right: "weights[column * p.depth + k]",
    rightAlong: "k",
    store: "dx[row * p.columns + column] = value;",
  });
  return dx;
};

/** dfilter[i, o] = Σ over voxels of x[i]·dy[o]. */
export const pointwiseBackpropFilter: WebgpuKernel<"PointwiseBackpropFilter"> = (
  backend,
  { x, dy },
) => {
  const rows = x.shape.at(-1)!;
  return deepMatmul(backend, {
    name: "PointwiseBackpropFilter",
    ...{ rows, depth: sizeOf(x.shape) / rows, columns: dy.shape.at(-1)! },
    inputs: { x, dy },
    left: "x[k * p.rows + row]",
    leftAlong: "row",
    right: "dy[k * p.columns + column]",
  });
};
