import { assert, assertEquals } from "@std/assert";
import { foregroundLocations } from "./foreground_locations.ts";
import { type SampledCase, samplePatch } from "./patch_sampler.ts";
import { randomStream } from "./random.ts";
import type { Triple } from "./volume.ts";

/** A case whose image tells each voxel's index and channel. */
function numberedCase(shape: Triple, channels = 1): SampledCase {
  const voxels = shape[0] * shape[1] * shape[2];
  const label = Int16Array.from({ length: voxels }, (_, i) => i % 7 - 1);
  return {
    image: Float32Array.from({ length: voxels * channels }, (_, i) => i + 1),
    label,
    shape,
    channels,
    foreground: foregroundLocations(label),
  };
}

Deno.test("samplePatch() holds the case's voxels in place and zeros outside", () => {
  const source = numberedCase([5, 9, 4], 2);
  const patchSize: Triple = [8, 3, 4];
  for (let i = 0; i < 50; i++) {
    const stream = randomStream(1, i);
    const { image, label, start } = samplePatch(source, {
      patchSize,
      stream,
      forceForeground: i % 2 === 0,
    });
    let at = 0;
    for (let z = 0; z < 8; z++) {
      for (let y = 0; y < 3; y++) {
        for (let x = 0; x < 4; x++, at++) {
          const place = [z + start[0], y + start[1], x + start[2]];
          const isInside = place.every((p, axis) => p >= 0 && p < source.shape[axis]);
          const voxel = (place[0] * 9 + place[1]) * 4 + place[2];
          assertEquals(label[at], isInside ? voxel % 7 - 1 : -1);
          for (const c of [0, 1]) {
            assertEquals(image[2 * at + c], isInside ? 2 * voxel + c + 1 : 0);
          }
        }
      }
    }
  }
});

Deno.test("samplePatch() starts free patches anywhere inside, and pads on both sides", () => {
  const source = numberedCase([5, 9, 4]);
  const starts = [new Map(), new Map(), new Map()] as Map<number, number>[];
  const n = 1400;
  for (let i = 0; i < n; i++) {
    const { start } = samplePatch(source, { patchSize: [8, 3, 4], stream: randomStream(2, i) });
    start.forEach((value, axis) => starts[axis].set(value, (starts[axis].get(value) ?? 0) + 1));
  }
  // nnU-Net: 3 voxels are missing along D, so it starts at floor(-3 / 2) = -2 or one later.
  assertEquals([...starts[0].keys()].sort(), [-1, -2]);
  assertEquals([...starts[1].keys()].sort(), [0, 1, 2, 3, 4, 5, 6]);
  assertEquals([...starts[2].keys()], [0]);
  const expected = n / 7;
  const chiSquare = [...starts[1].values()]
    .reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  assert(chiSquare < 22.46, `chi square ${chiSquare}`); // 6 degrees of freedom, p = 0.001
});

Deno.test("samplePatch() draws the classes of forced patches evenly, however rare", () => {
  const label = new Int16Array(1000).fill(1);
  label[555] = 2;
  const source: SampledCase = {
    image: new Float32Array(1000),
    label,
    shape: [10, 10, 10],
    channels: 1,
    foreground: foregroundLocations(label),
  };
  let rare = 0;
  const n = 1000;
  for (let i = 0; i < n; i++) {
    const stream = randomStream(3, i);
    const patch = samplePatch(source, { patchSize: [1, 1, 1], forceForeground: true, stream });
    if (patch.label[0] === 2) rare++;
  }
  assert(Math.abs(rare - n / 2) < 4 * Math.sqrt(n / 4), `${rare} of ${n}`);
});

Deno.test("samplePatch() centres a forced patch and moves it only off the lower border", () => {
  const at = (index: Triple) => {
    const label = new Int16Array(1000);
    label[(index[0] * 10 + index[1]) * 10 + index[2]] = 1;
    const foreground = foregroundLocations(label);
    const image = new Float32Array(1000).fill(1);
    const source = { image, label, shape: [10, 10, 10] as Triple, channels: 1, foreground };
    const stream = randomStream(4);
    return samplePatch(source, { patchSize: [4, 4, 12], forceForeground: true, stream });
  };
  assertEquals(at([5, 5, 5]).start, [3, 3, -1]);
  assertEquals(at([1, 0, 0]).start, [0, 0, -1]);
  const upper = at([9, 9, 9]);
  assertEquals(upper.start, [7, 7, 3]);
  assertEquals(upper.image.reduce((sum, value) => sum + value), 3 * 3 * 7);
});

Deno.test("samplePatch() takes a free patch when the case has no foreground to force", () => {
  const source = { ...numberedCase([4, 4, 4]), label: undefined, foreground: [] };
  const options = { patchSize: [2, 2, 2] as Triple };
  const forced = samplePatch(source, {
    ...options,
    forceForeground: true,
    stream: randomStream(5),
  });
  assertEquals(forced, samplePatch(source, { ...options, stream: randomStream(5) }));
  assertEquals([...forced.label], new Array(8).fill(0));
});

Deno.test("samplePatch() centres free patches on annotated voxels, and forced ones without foreground", () => {
  const source = {
    image: new Float32Array(1000),
    label: new Int16Array(1000).fill(1),
    shape: [10, 10, 10] as Triple,
    channels: 1,
    foreground: [],
    annotated: Int32Array.of(555, 777),
  };
  const stream = randomStream(3);
  const starts = Array.from({ length: 40 }, (_, i) => {
    const forceForeground = i % 2 === 0;
    return samplePatch(source, { patchSize: [2, 2, 2], forceForeground, stream }).start.join();
  });
  assertEquals(new Set(starts), new Set(["4,4,4", "6,6,6"]));
  const voxels = Int32Array.of(111);
  const forced = { ...source, foreground: [{ label: 1, voxels }] };
  const { start } = samplePatch(forced, { patchSize: [2, 2, 2], forceForeground: true, stream });
  assertEquals(start, [0, 0, 0]);
});

Deno.test("samplePatch() lets what is cut for augmentation reach beyond the case", () => {
  const source = numberedCase([6, 9, 20]);
  const sizes = { patchSize: [8, 4, 4] as Triple, enlargedSize: [11, 7, 8] as Triple };
  const starts = [new Set(), new Set(), new Set()] as Set<number>[];
  for (let i = 0; i < 500; i++) {
    const patch = samplePatch(source, { ...sizes, stream: randomStream(6, i) });
    assertEquals([patch.shape, patch.image.length], [sizes.enlargedSize, 11 * 7 * 8]);
    patch.start.forEach((value, axis) => starts[axis].add(value));
  }
  // nnU-Net: padding is enlarged - patch, or enlarged - case if that is more: 5, 3 and 4. First starts
  // are floor(-padding / 2), last ones case + floor(padding / 2) + padding % 2 - enlarged.
  const range = (set: Set<number>) => [Math.min(...set), Math.max(...set), set.size];
  assertEquals(starts.map(range), [[-3, -2, 2], [-2, 4, 7], [-2, 14, 17]]);
  for (let i = 0; i < 50; i++) {
    const stream = randomStream(7, i);
    const { start } = samplePatch(source, { ...sizes, stream, forceForeground: true });
    start.forEach((value, axis) => assert(value >= [-3, -2, -2][axis]));
  }
});
