import { type CpuKernel, rounded } from "./view.ts";

/** Pointwise convolution: one matrix product over all voxels. */
export const pointwise: CpuKernel<"Pointwise"> = ({ x, filter, bias }) => {
  const [inputs, outputs] = filter.shape;
  const voxels = x.values.length / inputs;
  const y = new Float64Array(voxels * outputs);
  for (let v = 0; v < voxels; v++) {
    if (bias) y.set(bias.values, v * outputs);
    for (let i = 0; i < inputs; i++) {
      const value = x.values[v * inputs + i];
      for (let o = 0; o < outputs; o++) {
        y[v * outputs + o] += value * filter.values[i * outputs + o];
      }
    }
  }
  return [rounded([...x.shape.slice(0, -1), outputs], y)];
};

/** The gradient of x: dx[i] = Σ dy[o]·filter[i, o]. */
export const pointwiseBackpropInput: CpuKernel<"PointwiseBackpropInput"> = ({ dy, filter }) => {
  const [inputs, outputs] = filter.shape;
  const voxels = dy.values.length / outputs;
  const dx = new Float64Array(voxels * inputs);
  for (let v = 0; v < voxels; v++) {
    for (let i = 0; i < inputs; i++) {
      let sum = 0;
      for (let o = 0; o < outputs; o++) {
        sum += dy.values[v * outputs + o] * filter.values[i * outputs + o];
      }
      dx[v * inputs + i] = sum;
    }
  }
  return [rounded([...dy.shape.slice(0, -1), inputs], dx)];
};

/** The gradient of the filter: dfilter[i, o] = Σ over voxels of x[i]·dy[o]. */
export const pointwiseBackpropFilter: CpuKernel<"PointwiseBackpropFilter"> = ({ x, dy }) => {
  const inputs = x.shape.at(-1)!;
  const outputs = dy.shape.at(-1)!;
  const voxels = x.values.length / inputs;
  const dfilter = new Float64Array(inputs * outputs);
  for (let v = 0; v < voxels; v++) {
    for (let i = 0; i < inputs; i++) {
      const value = x.values[v * inputs + i];
      for (let o = 0; o < outputs; o++) {
        dfilter[i * outputs + o] += value * dy.values[v * outputs + o];
      }
    }
  }
  return [rounded([inputs, outputs], dfilter)];
};
