import { tf } from "@mednext/kernels";

/** Gradients by the names of the variables. */
export type Gradients = Map<string, tf.Tensor>;

/** The root of the sum of all squares. */
export async function globalNorm(gradients: Gradients): Promise<number> {
  if (gradients.size === 0) return 0;
  const square = tf.tidy(() =>
    tf.addN(Array.from(gradients.values(), (gradient) => tf.sum(tf.square(gradient))))
  );
  try {
    return Math.sqrt((await square.data())[0]);
  } finally {
    square.dispose();
  }
}

/** Replaces the gradients in the map so that their norm, now `norm`, is at most `maxNorm`. */
export function scaleToNorm(gradients: Gradients, norm: number, maxNorm: number): void {
  const coefficient = maxNorm / (norm + 1e-6);
  if (coefficient >= 1) return;
  for (const [name, gradient] of gradients) {
    gradients.set(name, tf.mul(gradient, coefficient));
    // One by one: two full sets of gradients never exist at the same time.
    gradient.dispose();
  }
}
