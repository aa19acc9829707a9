import type { Case, Values } from "./case.ts";

/** Normally distributed numbers, the same for the same seed text on every machine. */
export function normals(seed: string, count: number): Float64Array {
  let state = 2166136261;
  for (let i = 0; i < seed.length; i++) state = Math.imul(state ^ seed.charCodeAt(i), 16777619);
  // A linear congruential generator is enough for test data (Numerical Recipes, section 7.1).
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return Float64Array.from({ length: count }, () => {
    return Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  });
}

/** The inputs of a case. */
export function inputsOf({ name, shapes, scale = 1, shift = 0 }: Case): Record<string, Values> {
  const inputs: Record<string, Values> = {};
  for (const [input, shape] of Object.entries(shapes)) {
    const count = shape.reduce((a, b) => a * b, 1);
    const values = normals(`${name}/${input}`, count).map((value) => value * scale + shift);
    inputs[input] = { shape, values: new Float32Array(values) };
  }
  return inputs;
}
