import { assert, assertEquals, assertThrows } from "@std/assert";
import type { MedNeXtConfig } from "./config.ts";
import { flopCount } from "./flop_count.ts";

/** The release's README: GFLOPs of a patch of 128³, a multiplication and an addition as one. */
const RELEASE = [
  { size: "S", 3: 130, 5: 169 },
  { size: "B", 3: 170, 5: 208 },
  { size: "M", 3: 248, 5: 308 },
  { size: "L", 3: 500, 5: 564 },
] as const;

for (const { size, ...known } of RELEASE) {
  for (const kernelSize of [3, 5] as const) {
    Deno.test(`flopCount() is that of the release for ${size} with kernel ${kernelSize}, normalisations aside`, () => {
      const network = { inputChannels: 1, classes: 2, size, kernelSize };
      const { total } = flopCount(network, { patchSize: [128, 128, 128] });
      const share = total / 2e9 / known[kernelSize];
      // What is normalised is 0.5 to 0.8 billion values, a few operations for each: 1 to 2.5 % of the whole.
      assert(share > 0.975 && share < 0.993, `${share}`);
    });
  }
}

/** One block in each stage, one channel at full resolution, ratio 1, kernel 3; 32³ voxels. */
const SMALL: MedNeXtConfig = {
  inputChannels: 2,
  classes: 3,
  baseChannels: 1,
  expansionRatios: Array(9).fill(1),
  blockCounts: Array(9).fill(1),
};

for (const dimensions of [2, 3] as const) {
  Deno.test(`flopCount() is what is counted by hand in ${dimensions}-D`, () => {
    const taps = 3 ** dimensions, voxels = (n: number) => n ** dimensions;
    // Level by level from full resolution: voxels along an axis, channels.
    const levels = [[32, 1], [16, 2], [8, 4], [4, 8], [2, 16]];
    const blocks = levels.flatMap(([n, c], level) => {
      const block = [voxels(n) * c * taps, voxels(n) * 2 * c * c];
      return level === 4 ? [block] : [block, block];
    });
    // Down: kernel on the coarse grid; expand c to c, compress c to 2c, and the residual c to 2c.
    const downs = levels.slice(1).map(([n, c]) => {
      const half = c / 2;
      return [voxels(n) * half * taps, voxels(n) * (half * half + 2 * half * c)];
    });
    // Up: every coarse voxel meets all taps; 2n - 1 voxels are expanded and compressed; the residual is coarse.
    const ups = levels.slice(1).map(([n, c]) => {
      const half = c / 2;
      return [voxels(n) * c * taps, voxels(2 * n - 1) * (c * c + c * half) + voxels(n) * c * half];
    });
    const ends = [[0, voxels(32) * 2], [0, voxels(32) * 3]];
    const all = [...blocks, ...downs, ...ups, ...ends];
    const [depthwise, pointwise] = [0, 1].map((i) => 2 * all.reduce((sum, one) => sum + one[i], 0));
    assertEquals(flopCount({ ...SMALL, dimensions }, { patchSize: Array(dimensions).fill(32) }), {
      depthwise,
      pointwise,
      total: depthwise + pointwise,
    });
  });
}

Deno.test("flopCount() follows heads, batch, residuals and the shape of the patch", () => {
  const count = (config: Partial<MedNeXtConfig>, patchSize = [32, 32, 32], batchSize = 1) =>
    flopCount({ ...SMALL, ...config }, { patchSize, batchSize }).total;
  const heads = [[16, 2], [8, 4], [4, 8], [2, 16]].reduce((sum, [n, c]) => sum + n ** 3 * c * 3, 0);
  assertEquals(count({ deepSupervision: true }) - count({}), 2 * heads);
  assertEquals(count({}, [32, 32, 32], 3), 3 * count({}));
  const residuals = [[16, 2], [8, 4], [4, 8], [2, 16]].reduce(
    (sum, [n, c]) => sum + 2 * n ** 3 * c * c / 2,
    0,
  );
  assertEquals(count({}) - count({ residualResampling: false }), 2 * residuals);
  assertEquals(count({}, [16, 32, 48]), count({}, [48, 16, 32]));
});

Deno.test("flopCount() refuses patches that the network does not take", () => {
  assertThrows(
    () => flopCount(SMALL, { patchSize: [32, 40, 32] }),
    RangeError,
    "Cannot run the network on an input of [1, 32, 40, 32, 2] (N, D, H, W, C): " +
      "expected multiples of 16, found H is 40 (nearest: 32 or 48)",
  );
});
