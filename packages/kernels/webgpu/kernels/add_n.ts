import type { KernelConfig, TensorInfo } from "@tensorflow/tfjs";
import type { DeviceBackend } from "../backend.ts";
import { sizeOf } from "./webgpu_kernel.ts";

/** Terms of one pass: TensorFlow.js' own kernel reads all at once, and fails where a shader can have no more buffers. */
const TERMS = 6;

/** `AddN` of any number of tensors, from the first to the last. */
export const addN: KernelConfig["kernelFunc"] = ({ inputs, backend }) => {
  return addTerms(backend as DeviceBackend, Object.values(inputs) as TensorInfo[]);
};

/** The sum of one or more tensors of a shape, a new tensor. */
export function addTerms(backend: DeviceBackend, terms: TensorInfo[]): TensorInfo {
  let sum = addSome(backend, terms.slice(0, TERMS));
  for (let i = TERMS; i < terms.length; i += TERMS - 1) {
    const next = addSome(backend, [sum, ...terms.slice(i, i + TERMS - 1)]);
    backend.release(sum);
    sum = next;
  }
  return sum;
}

function addSome(backend: DeviceBackend, terms: TensorInfo[]): TensorInfo {
  const sum = backend.makeTensorInfo(terms[0].shape, terms[0].dtype);
  const names = terms.map((_, i) => `term${i}`);
  backend.run({
    name: "AddN",
    inputs: Object.fromEntries(names.map((name, i) => [name, terms[i]])),
    outputs: { sum },
    invocations: sizeOf(sum.shape),
    body: `sum[index] = ${names.map((name) => `${name}[index]`).join(" + ")};`,
  });
  return sum;
}
