import { assert, assertEquals, assertNotStrictEquals } from "@std/assert";
import { GOLDEN, largestDifference, values } from "../testdata/augment_golden.ts";
import type { Triple } from "../volume.ts";
import { changeContrast } from "./change_contrast.ts";
import { changeGamma } from "./change_gamma.ts";
import { gaussianBlur } from "./gaussian_blur.ts";
import { gaussianNoise } from "./gaussian_noise.ts";
import { scaleBrightness } from "./scale_brightness.ts";
import { simulateLowResolution } from "./simulate_low_resolution.ts";

const { intensity } = GOLDEN;

/** Intensities are from -1 to 1 in float32, on both sides: a few units in the last place. */
const TOLERANCE = 1e-6;

function assertClose(actual: Float32Array, expected: number[], what: string): void {
  const difference = largestDifference(actual, expected);
  assert(difference < TOLERANCE, `${what}: ${difference}`);
}

Deno.test("gaussianBlur() equals batchgeneratorsv2's GaussianBlurTransform", () => {
  for (const { shape, sigma, image } of GOLDEN.blur) {
    assertClose(gaussianBlur(values(shape), { shape, sigma }), image, `${sigma}`);
  }
});

Deno.test("gaussianBlur() blurs volumes that are thinner than the kernel", () => {
  const shape: Triple = [1, 2, 3];
  const constant = gaussianBlur(new Float32Array(6).fill(3), { shape, sigma: [1, 1, 1] });
  assertClose(constant, new Array(6).fill(3), "constant");
  // About the outermost voxels, two voxels a and b go on as a b a b.
  const blurred = gaussianBlur(Float32Array.of(0, 1), { shape: [1, 2, 1], sigma: [0, 0.5, 0] });
  const side = Math.exp(-2), sum = 1 + 2 * side;
  assertClose(blurred, [2 * side / sum, 1 / sum], "two voxels");
});

Deno.test("simulateLowResolution() equals batchgeneratorsv2's SimulateLowResolutionTransform", () => {
  for (const { shape, scale, image } of GOLDEN.lowResolution) {
    assertClose(simulateLowResolution(values(shape), { shape, scale }), image, `${scale}`);
  }
});

Deno.test("scaleBrightness() equals batchgeneratorsv2's MultiplicativeBrightnessTransform", () => {
  const { factor, image } = intensity.brightness;
  assertClose(scaleBrightness(values(intensity.shape), factor), image, `${factor}`);
});

Deno.test("changeContrast() equals batchgeneratorsv2's ContrastTransform", () => {
  for (const { image, ...options } of intensity.contrast) {
    const changed = changeContrast(values(intensity.shape), options);
    assertClose(changed, image, JSON.stringify(options));
  }
});

Deno.test("changeGamma() equals batchgeneratorsv2's GammaTransform", () => {
  for (const { image, ...options } of intensity.gamma) {
    const changed = changeGamma(values(intensity.shape), options);
    assertClose(changed, image, JSON.stringify(options));
  }
});

Deno.test("changeGamma() and changeContrast() leave a constant image as it is", () => {
  const constant = new Float32Array(8).fill(0.75);
  assertEquals(changeGamma(constant, { gamma: 0.7 }), constant);
  assertEquals(changeGamma(constant, { gamma: 1.5, invert: true }), constant);
  assertEquals(changeContrast(constant, { factor: 0.8 }), constant);
});

Deno.test("gaussianNoise() has the moments of the normal distribution", () => {
  const n = 100_000, sigma = 0.1;
  const noise = gaussianNoise(new Float32Array(n), { sigma, seed: 3 });
  const moment = (power: number) => noise.reduce((sum, v) => sum + (v / sigma) ** power, 0) / n;
  // 4 standard errors of the moments of n normal numbers: sqrt(1, 2, 15, 96) / sqrt(n).
  const slack = 4 / Math.sqrt(n);
  assert(Math.abs(moment(1)) < slack);
  assert(Math.abs(moment(2) - 1) < slack * Math.sqrt(2));
  assert(Math.abs(moment(3)) < slack * Math.sqrt(15));
  assert(Math.abs(moment(4) - 3) < slack * Math.sqrt(96));
  const neighbours = noise.reduce((sum, v, i) => sum + v * (noise[i + 1] ?? 0), 0) / sigma ** 2 / n;
  assert(Math.abs(neighbours) < slack);
});

Deno.test("changes of intensities give new arrays and leave the image as it was", () => {
  const shape: Triple = [2, 3, 4];
  const changes: ((image: Float32Array) => Float32Array)[] = [
    (image) => gaussianNoise(image, { sigma: 0.1, seed: 1 }),
    (image) => gaussianBlur(image, { shape, sigma: [0.5, 0.5, 0.5] }),
    (image) => gaussianBlur(image, { shape, sigma: [0, 0, 0] }),
    (image) => scaleBrightness(image, 1.1),
    (image) => changeContrast(image, { factor: 1.1 }),
    (image) => simulateLowResolution(image, { shape, scale: [0.5, 0.5, 0.5] }),
    (image) => simulateLowResolution(image, { shape, scale: [1, 1, 1] }),
    (image) => changeGamma(image, { gamma: 0.8 }),
  ];
  for (const change of changes) {
    const image = values(shape);
    assertNotStrictEquals(change(image), image);
    assertEquals(image, values(shape));
  }
});
