/** The fill rule of the expected values: a 32-bit LCG, seeded by the FNV-1a hash of the name, in [-1, 1). */
export function sequence(name: string, count: number): Float64Array {
  let state = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) {
    state = Math.imul(state ^ byte, 0x01000193) >>> 0;
  }
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 * 2 - 1;
  });
}

/** What the fill rule gives a parameter: its sequence, scaled by what the parameter is. */
export function filled(name: string, shape: readonly number[]): Float32Array {
  const count = shape.reduce((product, n) => product * n, 1);
  const values = sequence(name, count);
  return Float32Array.from(values, (u) => valueOf(name, shape, u));
}

function valueOf(name: string, shape: readonly number[], u: number): number {
  if (name.endsWith("norm.weight")) return 1 + 0.1 * u;
  // Vectors are biases; the weights of the global response normalisation are filled like them.
  if (shape.length === 1 || name.includes("grn_")) return 0.1 * u;
  const transposed = /(^up_\d\.res_conv|conv_out)\.weight$/.test(name);
  const fanIn = transposed ? shape[0] : shape.slice(1).reduce((product, n) => product * n, 1);
  return u * Math.sqrt(3 / fanIn);
}
