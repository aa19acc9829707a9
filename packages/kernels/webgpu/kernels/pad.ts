import type { KernelConfig, TensorInfo } from "@tensorflow/tfjs";
import { tf } from "../../tf.ts";
import type { DeviceBackend } from "../backend.ts";
import { sizeOf } from "./webgpu_kernel.ts";

type Paddings = [before: number, after: number][];

/** `PadV2` of any rank; TensorFlow.js' own gives zeros for tensors of rank 5. */
export const padV2: KernelConfig["kernelFunc"] = ({ inputs, attrs, backend }) => {
  const { paddings, constantValue } = attrs as unknown as {
    paddings: Paddings;
    constantValue: number;
  };
  const outside = `inside = inside && at >= 0 && at < size;`;
  return pad(backend as DeviceBackend, { name: "PadV2", x: inputs.x!, paddings }, {
    outside: () => outside,
    constantValue,
  });
};

/** `MirrorPad` of any rank: the edge itself is repeated or not. */
export const mirrorPad: KernelConfig["kernelFunc"] = ({ inputs, attrs, backend }) => {
  const { paddings, mode } = attrs as unknown as {
    paddings: Paddings;
    mode: "reflect" | "symmetric";
  };
  const edge = mode === "symmetric" ? 1 : 0;
  const outside = `at = select(at, -at - ${edge}, at < 0);
    at = select(at, 2 * size - ${2 - edge} - at, at >= size);`;
  return pad(backend as DeviceBackend, { name: "MirrorPad", x: inputs.x!, paddings }, {
    outside: () => outside,
  });
};

/** `Reverse` of any rank; TensorFlow.js' own fails for tensors of rank 5. */
export const reverse: KernelConfig["kernelFunc"] = ({ inputs, attrs, backend }) => {
  const axes = tf.util.parseAxisParam(attrs!.dims as number[], inputs.x!.shape);
  const paddings = inputs.x!.shape.map((): [number, number] => [0, 0]);
  return pad(backend as DeviceBackend, { name: "Reverse", x: inputs.x!, paddings }, {
    outside: (axis) => axes.includes(axis) ? "at = size - 1 - at;" : "",
  });
};

/** `outside` moves `at`, the place on an axis of `size` values, or clears `inside`. */
function pad(
  backend: DeviceBackend,
  { name, x, paddings }: { name: string; x: TensorInfo; paddings: Paddings },
  { outside, constantValue = 0 }: { outside: (axis: number) => string; constantValue?: number },
): TensorInfo {
  const shape = x.shape.map((size, axis) => paddings[axis][0] + size + paddings[axis][1]);
  const y = backend.makeTensorInfo(shape, x.dtype);
  const sizes = Object.fromEntries(shape.flatMap((to, axis) => [
    [`to${axis}`, to],
    [`from${axis}`, x.shape[axis]],
    [`before${axis}`, paddings[axis][0]],
  ]));
  const axes = shape.map((_, axis) =>
    `{
    let size = i32(p.from${axis});
    var at = i32(rest % p.to${axis}) - i32(p.before${axis});
    rest /= p.to${axis};
    ${outside(axis)}
    source += at * stride;
    stride *= size;
  }`
  ).reverse();
  backend.run({
    ...{ name, inputs: { x }, outputs: { y }, sizes },
    numbers: { constant: constantValue },
    invocations: sizeOf(shape),
    body: `
  var rest = index;
  var source = 0;
  var stride = 1;
  var inside = true;
  ${axes.join("\n  ")}
  if (inside) { y[index] = x[source]; } else { y[index] = ${
      x.dtype === "float32" ? "p.constant" : "i32(p.constant)"
    }; }`,
  });
  return y;
}
