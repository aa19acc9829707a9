import { assertEquals } from "@std/assert";
import type { Triple } from "../volume.ts";
import golden from "./augment.json" with { type: "json" };

/** What make_augment.py wrote. */
export const GOLDEN = golden as unknown as {
  spatial: {
    shape: Triple;
    newShape: Triple;
    degrees: Triple;
    scale: number;
    dummy2d: boolean;
    image: number[];
    label: number[];
  }[];
  blur: { shape: Triple; sigma: Triple; image: number[] }[];
  lowResolution: { shape: Triple; scale: Triple; image: number[] }[];
  intensity: {
    shape: Triple;
    brightness: { factor: number; image: number[] };
    contrast: { factor: number; preserveRange: boolean; image: number[] }[];
    gamma: { gamma: number; invert: boolean; image: number[] }[];
  };
  enlarged: { patchSize: Triple; dummy2d: boolean; enlarged: Triple }[];
};

/** The image of make_augment.py. */
export function values(shape: Triple): Float32Array {
  const n = shape[0] * shape[1] * shape[2];
  return Float32Array.from({ length: n }, (_, i) => (i * 7919 + 13) % 101 / 50 - 1);
}

/** The labels of make_augment.py. */
export function blocks([depth, height, width]: Triple): Int32Array {
  return Int32Array.from({ length: depth * height * width }, (_, i) => {
    const x = i % width, y = Math.floor(i / width) % height, z = Math.floor(i / width / height);
    const block = Math.floor(z / 3) * 3 + Math.floor(y / 4) * 7 + Math.floor(x / 3) * 5;
    return [0, 3, -1, 2, 1][block % 5];
  });
}

/** The largest difference of two arrays of one length. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  assertEquals(a.length, b.length);
  let worst = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i]);
    if (!(difference <= worst)) worst = difference; // NaN counts
  }
  return worst;
}
