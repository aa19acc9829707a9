/**
 * The parameters of each unit: PyTorch name and layout, our layout, and how they start.
 * @module
 */
import type { Unit } from "./unit.ts";

/**
 * How PyTorch's array becomes ours. `same`: the values stay in place, only the shape differs. `transpose`: the first
 * axis goes last.
 */
export type Layout = "same" | "transpose";

/** One parameter of a unit. */
export interface ParameterSpec {
  /** Its name inside the unit: `conv1.weight`. */
  name: string;
  /** Its shape in PyTorch. */
  torchShape: number[];
  /** Its shape here: depthwise `[kD, kH, kW, c]`, pointwise `[in, out]`, everything else `[c]`. */
  shape: number[];
  /** How the one becomes the other. */
  layout: Layout;
  /** Starts uniform in ±1/√fanIn, as PyTorch's convolutions do, or constant. */
  start: { fanIn: number } | { constant: number };
}

const vector = (name: string, channels: number, start: ParameterSpec["start"]): ParameterSpec => ({
  name,
  torchShape: [channels],
  shape: [channels],
  layout: "same",
  start,
});

const ones = (unit: Unit): number[] => Array(unit.dimensions).fill(1);

function depthwise(unit: Unit): ParameterSpec[] {
  const { inputChannels: channels, kernelSize: k, dimensions } = unit;
  const fanIn = k ** dimensions;
  return [
    {
      name: "conv1.weight",
      torchShape: [channels, 1, ...Array(dimensions).fill(k)],
      shape: [dimensions === 2 ? 1 : k, k, k, channels],
      layout: "transpose",
      start: { fanIn },
    },
    vector("conv1.bias", channels, { fanIn }),
  ];
}

/** A pointwise convolution `[out, in, 1, 1, 1]`. */
function pointwise(unit: Unit, prefix: string, inside: number, outside: number): ParameterSpec[] {
  const start = { fanIn: inside };
  return [
    {
      name: `${prefix}weight`,
      torchShape: [outside, inside, ...ones(unit)],
      shape: [inside, outside],
      layout: "transpose",
      start,
    },
    vector(`${prefix}bias`, outside, start),
  ];
}

/**
 * A pointwise transposed convolution `[in, out, 1, 1, 1]`. PyTorch takes the second axis for the fan-in,
 * here the output channels.
 */
function pointwiseTranspose(unit: Unit, prefix: string): ParameterSpec[] {
  const { inputChannels, outputChannels } = unit;
  const start = { fanIn: outputChannels };
  return [
    {
      name: `${prefix}weight`,
      torchShape: [inputChannels, outputChannels, ...ones(unit)],
      shape: [inputChannels, outputChannels],
      layout: "same",
      start,
    },
    vector(`${prefix}bias`, outputChannels, start),
  ];
}

/** PyTorch lists a module's own parameters before those of its parts, so these come first. */
function responseNorm(unit: Unit): ParameterSpec[] {
  const inside = unit.inputChannels * unit.expansionRatio;
  return ["grn_beta", "grn_gamma"].map((name) => ({
    ...vector(name, inside, { constant: 0 }),
    torchShape: [1, inside, ...ones(unit)],
  }));
}

function residual(unit: Unit): ParameterSpec[] {
  if (!unit.residual) return [];
  if (unit.kind === "down") {
    return pointwise(unit, "res_conv.", unit.inputChannels, unit.outputChannels);
  }
  return unit.kind === "up" ? pointwiseTranspose(unit, "res_conv.") : [];
}

/** The parameters of a unit, in the order of the release's state dict. */
export function parametersOf(unit: Unit): ParameterSpec[] {
  const { inputChannels, outputChannels, expansionRatio, grn } = unit;
  if (unit.kind === "stem") return pointwise(unit, "", inputChannels, outputChannels);
  if (unit.kind === "head") return pointwiseTranspose(unit, "conv_out.");
  const inside = inputChannels * expansionRatio;
  return [
    ...(grn ? responseNorm(unit) : []),
    ...depthwise(unit),
    vector("norm.weight", inputChannels, { constant: 1 }),
    vector("norm.bias", inputChannels, { constant: 0 }),
    ...pointwise(unit, "conv2.", inputChannels, inside),
    ...pointwise(unit, "conv3.", inside, outputChannels),
    ...residual(unit),
  ];
}

/** Swaps the axes of a matrix. */
function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      result[column * rows + row] = values[row * columns + column];
    }
  }
  return result;
}

/** PyTorch's values in our layout; a new array where they move. */
export function fromTorch(spec: ParameterSpec, values: Float32Array): Float32Array {
  if (spec.layout === "same") return values;
  const [rows] = spec.torchShape;
  return transposed(values, rows, values.length / rows);
}

/** Our values in PyTorch's layout; a new array where they move. */
export function toTorch(spec: ParameterSpec, values: Float32Array): Float32Array {
  if (spec.layout === "same") return values;
  const [columns] = spec.torchShape;
  return transposed(values, values.length / columns, columns);
}
