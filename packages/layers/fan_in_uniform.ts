/**
 * How PyTorch's convolutions start.
 * @module
 */
import { tf } from "@mednext/kernels";

/** What draws the first values of a weight; a layer's `addWeight` takes it. */
export type Initializer = ReturnType<typeof tf.initializers.zeros>;

/** FNV-1a over the UTF-16 units of the text, 32 bit. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  return value >>> 0;
}

/** The generator sfc32 (Doty-Humphrey), giving 24 random bits as a number in [0, 1). */
function generator(seed: number, stream: string): () => number {
  let a = hash(stream) | 0;
  let b = seed | 0;
  let c = Math.floor(seed / 2 ** 32) | 0;
  let counter = 1;
  const next = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum | 0;
    return (sum >>> 8) / 2 ** 24;
  };
  // Nearby seeds start with nearby states; a dozen rounds mix them.
  for (let round = 0; round < 15; round++) next();
  return next;
}

/**
 * Draws from the uniform distribution between ±1/√fanIn, as PyTorch starts the weights and the bias of every
 * convolution (`torch.nn.modules.conv._ConvNd.reset_parameters`: Kaiming with a = √5).
 *
 * @example
 * ```ts
 * import { fanInUniform } from "@mednext/layers";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const start = fanInUniform(4, { seed: 7, stream: "conv1.weight" });
 * const values = start.apply([1000]).dataSync();
 * assert(values.every((value) => Math.abs(value) <= 0.5));
 * assertEquals(start.apply([1000]).dataSync(), values);
 * ```
 * @param fanIn Numbers that go into one output: input channels per group times the size of the kernel. For a
 * transposed convolution PyTorch counts output channels per group.
 * @param options Seed and stream.
 * @returns An initialiser; it gives the same values each time it is applied.
 * @throws {RangeError} If `fanIn` is not a positive integer or the seed not a non-negative one.
 */
export function fanInUniform(fanIn: number, options: FanInUniformOptions = {}): Initializer {
  const { seed = 0, stream = "" } = options;
  if (!Number.isSafeInteger(fanIn) || fanIn < 1) {
    throw new RangeError(
      `Cannot draw weights as 'fanIn' must be a positive integer: current value is ${fanIn}`,
    );
  }
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(
      `Cannot draw weights as 'seed' must be a non-negative integer: current value is ${seed}`,
    );
  }
  const bound = 1 / Math.sqrt(fanIn);
  const apply = (shape: number[]): tf.Tensor => {
    const random = generator(seed, stream);
    const values = new Float32Array(shape.reduce((product, n) => product * n, 1));
    for (let i = 0; i < values.length; i++) values[i] = (2 * random() - 1) * bound;
    return tf.tensor(values, shape, "float32");
  };
  // TensorFlow.js does not export its class of initialisers; a layer calls nothing but `apply`.
  return { apply } as unknown as Initializer;
}

/** Which random numbers `fanInUniform` draws. */
export interface FanInUniformOptions {
  /**
   * The seed: a non-negative integer.
   * @default {0}
   */
  seed?: number;
  /**
   * Names one of the seed's independent sequences: a parameter's name, so that no parameter depends on another.
   * @default {""}
   */
  stream?: string;
}
