import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import type { Triple } from "../volume.ts";
import {
  type AugmentationRecipe,
  augmentationRecipe,
  type AugmentationRecipeOptions,
} from "./augmentation_recipe.ts";
import { type Augmentation, drawAugmentation } from "./draw_augmentation.ts";

const DRAWS = 4000;
const PATCH: { patchSize: Triple } = { patchSize: [48, 64, 48] };

function drawMany(recipe: AugmentationRecipe, channels = 2): Augmentation[] {
  return Array.from({ length: DRAWS }, (_, step) => {
    return drawAugmentation(recipe, { seed: 5, step, sample: step % 2, channels });
  });
}

/** Whether k of n are what a probability gives, within 4 standard deviations. */
function assertShare(k: number, n: number, probability: number, what: string): void {
  const slack = 4 * Math.sqrt(n * probability * (1 - probability)) + 1e-9;
  assert(Math.abs(k - n * probability) <= slack, `${what}: ${k} of ${n}, expected ${probability}`);
}

/** Whether numbers fill a range evenly: none outside, and the mean and variance of even ones. */
function assertEven(numbers: number[], [low, high]: [number, number], what: string): void {
  const n = numbers.length;
  assert(numbers.every((value) => value >= low && value <= high), what);
  const mean = numbers.reduce((sum, value) => sum + value, 0) / n;
  const width = high - low;
  assert(
    Math.abs(mean - (low + high) / 2) < 4 * width / Math.sqrt(12 * n),
    `${what}: mean ${mean}`,
  );
  const variance = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
  // The variance of even numbers is w²/12, that of its estimate (w⁴/80 - w⁴/144) / n.
  const slack = 4 * width ** 2 * Math.sqrt((1 / 80 - 1 / 144) / n);
  assert(Math.abs(variance - width ** 2 / 12) < slack, `${what}: variance ${variance}`);
}

const present = <T>(values: (T | undefined)[]): T[] =>
  values.filter((value) => value !== undefined);

/** The three columns of a matrix as lengths, and the matrix without them. */
function decompose(m: number[]): { scale: Triple; rotation: number[] } {
  const scale = [0, 1, 2].map((c) => Math.hypot(m[c], m[c + 3], m[c + 6])) as Triple;
  return { scale, rotation: m.map((value, i) => value / scale[i % 3]) };
}

Deno.test("drawAugmentation() rotates and scales as often and as far as nnU-Net", () => {
  const drawn = present(drawMany(augmentationRecipe("nnunet", PATCH)).map(({ matrix }) => matrix));
  assertShare(drawn.length, DRAWS, 1 - 0.8 * 0.8, "either");
  const parts = drawn.map(decompose);
  const scales = parts.map(({ scale }) => scale[0]).filter((s) => Math.abs(s - 1) > 1e-9);
  assertShare(scales.length, DRAWS, 0.2, "scaling");
  assertEven(scales, [0.7, 1.4], "scale");
  for (const { scale: [z, y, x] } of parts) {
    assertAlmostEquals(y, z, 1e-12);
    assertAlmostEquals(x, z, 1e-12);
  }
  // R = Rz Ry Rx: R[6] = -sin(b), R[7] / R[8] = tan(a), R[3] / R[0] = tan(c).
  const angles = parts.map(({ rotation: r }) => {
    return [Math.atan2(r[7], r[8]), Math.asin(-r[6]), Math.atan2(r[3], r[0])];
  }).filter(([a]) => a !== 0);
  assertShare(angles.length, DRAWS, 0.2, "rotation");
  for (const axis of [0, 1, 2]) {
    const degrees = angles.map((angle) => angle[axis] * 180 / Math.PI);
    assertEven(degrees, [-30, 30], `axis ${axis}`);
  }
});

Deno.test("drawAugmentation() leaves the first axis of flat patches alone", () => {
  const recipe = augmentationRecipe("nnunet", { patchSize: [16, 64, 64] });
  const draws = drawMany(recipe, 1);
  const angles: number[] = [];
  for (const { matrix, lowResolution } of draws) {
    if (lowResolution?.[0]) assertEquals(lowResolution[0][0], 1);
    if (!matrix) continue;
    assertEquals([matrix[0], matrix[1], matrix[2], matrix[3], matrix[6]], [1, 0, 0, 0, 0]);
    if (matrix[5] !== 0) angles.push(Math.atan2(matrix[7], matrix[8]) * 180 / Math.PI);
  }
  assertEven(angles, [-180, 180], "angle");
});

Deno.test("drawAugmentation() changes intensities as often and as far as nnU-Net", () => {
  const draws = drawMany(augmentationRecipe("nnunet", PATCH));
  const noise = present(draws.map(({ noise }) => noise));
  assertShare(noise.length, DRAWS, 0.1, "noise");
  assertEven(noise.map(({ sigma }) => sigma), [0, 0.1], "noise");
  assertEquals(new Set(noise.flatMap(({ seeds }) => seeds)).size, 2 * noise.length);

  const blur = present(draws.map(({ blur }) => blur));
  assertShare(blur.length, DRAWS, 0.2, "blur");
  const sigmas = present(blur.flat());
  assertShare(sigmas.length, 2 * blur.length, 0.5, "channels blurred");
  for (const axis of [0, 1, 2]) assertEven(sigmas.map((s) => s[axis]), [0.5, 1], "blur");

  const low = present(draws.map(({ lowResolution }) => lowResolution));
  assertShare(low.length, DRAWS, 0.25, "low resolution");
  const scales = present(low.flat());
  assertShare(scales.length, 2 * low.length, 0.5, "channels of low resolution");
  assert(scales.every(([z, y, x]) => z === y && y === x));
  assertEven(scales.map(([z]) => z), [0.5, 1], "low resolution");
});

Deno.test("drawAugmentation() draws factors below and above 1 equally often, as BGContrast", () => {
  const draws = drawMany(augmentationRecipe("nnunet", PATCH));
  const expected = [
    ["brightness", 0.15, 0.75, 1.25],
    ["contrast", 0.15, 0.75, 1.25],
    ["invertedGamma", 0.1, 0.7, 1.5],
    ["gamma", 0.3, 0.7, 1.5],
  ] as const;
  for (const [name, probability, low, high] of expected) {
    const drawn = present(draws.map((draw) => draw[name]));
    assertShare(drawn.length, DRAWS, probability, name);
    const factors = drawn.flat();
    assertEquals(new Set(factors).size, 2 * drawn.length); // each channel has its own
    const below = factors.filter((factor) => factor < 1);
    assertShare(below.length, factors.length, 0.5, name);
    assertEven(below, [low, 1], name);
    assertEven(factors.filter((factor) => factor >= 1), [1, high], name);
  }
});

Deno.test("drawAugmentation() keeps to ranges of factors on one side of 1", () => {
  for (const range of [[0.5, 0.8], [1.2, 1.5]] as [number, number][]) {
    const transforms = { gamma: { probability: 1, range } };
    const drawn = drawMany(augmentationRecipe("nnunet", { ...PATCH, transforms }));
    assertEven(drawn.flatMap(({ gamma }) => gamma!), range, `${range}`);
  }
});

Deno.test("drawAugmentation() draws each transform by itself", () => {
  const all = drawMany(augmentationRecipe("nnunet", PATCH));
  const transforms = { noise: { probability: 0 }, rotation: { probability: 0 } };
  const fewer = drawMany(augmentationRecipe("nnunet", { ...PATCH, transforms }));
  for (let i = 0; i < 200; i++) {
    assertEquals(fewer[i].noise, undefined);
    assertEquals({ ...fewer[i], noise: 0, matrix: 0 }, { ...all[i], noise: 0, matrix: 0 });
  }
  const both = all.filter(({ gamma, contrast }) => gamma && contrast).length;
  assertShare(both, DRAWS, 0.3 * 0.15, "gamma and contrast");
  const again = drawAugmentation(augmentationRecipe("nnunet", PATCH), {
    seed: 6,
    step: 0,
    sample: 0,
    channels: 2,
  });
  assertNotEquals(again, all[0]);
});

Deno.test("augmentationRecipe() starts from nothing, from mirroring or from everything", () => {
  const nothing: Augmentation = {
    matrix: undefined,
    noise: undefined,
    blur: undefined,
    brightness: undefined,
    contrast: undefined,
    lowResolution: undefined,
    invertedGamma: undefined,
    gamma: undefined,
    mirrorAxes: [],
  };
  const none = drawMany(augmentationRecipe("none", { ...PATCH, mirrorAxes: [0] }));
  assertEquals(none.slice(0, 100), new Array(100).fill(nothing));
  const mirrored = drawMany(augmentationRecipe("mirror", { ...PATCH, mirrorAxes: [0, 2] }));
  for (const axis of [0, 1, 2]) {
    const count = mirrored.filter(({ mirrorAxes }) => mirrorAxes.includes(axis)).length;
    assertShare(count, DRAWS, axis === 1 ? 0 : 0.5, `axis ${axis}`);
  }
  assertEquals({ ...mirrored[0], mirrorAxes: [] }, nothing);
  const recipe = augmentationRecipe("none", {
    ...PATCH,
    transforms: { gamma: { probability: 1 } },
  });
  assertEquals(recipe.gamma, { probability: 1, range: [0.7, 1.5] });
});

Deno.test("augmentationRecipe() throws when changes make no sense", () => {
  const attempts: [Partial<AugmentationRecipeOptions>, string][] = [
    [
      { transforms: { noise: { probability: 1.5 } } },
      "Cannot augment patches: expected noise.probability from 0 to 1, found 1.5",
    ],
    [
      { transforms: { blur: { channelProbability: NaN } } },
      "Cannot augment patches: expected blur.channelProbability from 0 to 1, found NaN",
    ],
    [
      { transforms: { lowResolution: { range: [0.5, 2] } } },
      "Cannot augment patches: expected lowResolution.range to rise from at least 0.01 to at most " +
      "1, found [0.5, 2]",
    ],
    [
      { transforms: { gamma: { range: [1.5, 0.7] } } },
      "Cannot augment patches: expected gamma.range to rise from at least 0.01 to at most 100, " +
      "found [1.5, 0.7]",
    ],
    [{ mirrorAxes: [3] }, "Cannot augment patches: expected mirrorAxes of 0, 1 and 2, found 3"],
  ];
  for (const [options, message] of attempts) {
    const error = assertThrows(
      () => augmentationRecipe("nnunet", { ...PATCH, ...options }),
      RangeError,
    );
    assertEquals(error.message, message);
  }
});
