import { assertEquals, assertThrows } from "@std/assert";
import { checkInput } from "./check_input.ts";

const VOLUMES = { inputChannels: 1, dimensions: 3 } as const;
const IMAGES = { inputChannels: 1, dimensions: 2 } as const;

const message = (shape: number[], network: typeof VOLUMES | typeof IMAGES = VOLUMES) =>
  assertThrows(() => checkInput(shape, network), RangeError).message;

Deno.test("checkInput() takes multiples of 16 with more than one voxel at the bottleneck", () => {
  for (const shape of [[1, 16, 16, 32, 1], [2, 48, 64, 48, 1], [1, 128, 128, 128, 1]]) {
    checkInput(shape, VOLUMES);
  }
  checkInput([14, 16, 32, 1], IMAGES);
});

Deno.test("checkInput() names each axis that is no multiple of 16, with the nearest sizes", () => {
  assertEquals(
    message([1, 40, 64, 8, 1]),
    "Cannot run the network on an input of [1, 40, 64, 8, 1] (N, D, H, W, C): expected multiples of 16, " +
      "found D is 40 (nearest: 32 or 48), W is 8 (nearest: 16)",
  );
  assertEquals(
    message([1, 0, 16, 1], IMAGES),
    "Cannot run the network on an input of [1, 0, 16, 1] (N, H, W, C): expected multiples of 16, " +
      "found H is 0 (nearest: 16)",
  );
});

Deno.test("checkInput() refuses a single voxel at the bottleneck, whatever the batch", () => {
  assertEquals(
    message([4, 16, 16, 16, 1]),
    "Cannot run the network on an input of [4, 16, 16, 16, 1] (N, D, H, W, C): expected more than one voxel " +
      "at 1/16 of the resolution, found one, as D is 16, H is 16, W is 16 (nearest: 32 along any axis)",
  );
  assertEquals(
    message([1, 16, 16, 1], IMAGES),
    "Cannot run the network on an input of [1, 16, 16, 1] (N, H, W, C): expected more than one voxel " +
      "at 1/16 of the resolution, found one, as H is 16, W is 16 (nearest: 32 along any axis)",
  );
});

Deno.test("checkInput() refuses other channels and other ranks", () => {
  assertEquals(
    message([1, 32, 32, 32, 4]),
    "Cannot run the network on an input of [1, 32, 32, 32, 4] (N, D, H, W, C): expected C to be 1, found 4",
  );
  assertEquals(
    message([32, 32, 32, 1]),
    "Cannot run the network on an input of [32, 32, 32, 1] (N, D, H, W, C): expected 5 axes, found 4",
  );
});
