import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { normalize } from "./normalize.ts";
import { intensityProperties } from "./normalize/intensity_properties.ts";
import { normalizationScheme } from "./normalize/normalization_scheme.ts";

const PROPERTIES = {
  mean: 100,
  median: 90,
  standardDeviation: 50,
  minimum: -500,
  maximum: 900,
  percentile005: -50,
  percentile995: 300,
};

Deno.test("normalize() makes zeros of a constant image, whatever its value", () => {
  for (const value of [0.1, -1234.567, 3e7]) {
    const image = new Float32Array(100_003).fill(value);
    const result = normalize(image, { channels: [{ scheme: "zscore" }] });
    assertEquals(result.every((value) => value === 0), true);
  }
});

Deno.test("normalize() treats each channel by its own scheme and leaves the input alone", () => {
  const image = Float32Array.of(-60, 2, 255, 7, 100, 4, 0, 7, 400, 6, 51, 7);
  const before = image.slice();
  const result = normalize(image, {
    channels: [
      { scheme: "ct", properties: PROPERTIES },
      { scheme: "rescale-to-0-1" },
      { scheme: "rgb-to-0-1" },
      { scheme: "none" },
    ],
  });
  const expected = Float32Array.of(-3, 0, 1, 7, 0, 0.5, 0, 7, 4, 1, 0.2, 7);
  assertEquals(result, expected);
  assertEquals(image, before);
});

Deno.test("normalize() takes z-scores inside the mask and zeros outside when asked", () => {
  const image = Float32Array.of(50, 1, 3, 5), label = Int16Array.of(-1, 0, 2, 0);
  const result = normalize(image, { channels: [{ scheme: "zscore", insideMask: true }], label });
  const step = 2 / Math.sqrt(8 / 3);
  assertEquals(result, Float32Array.of(0, -step, 0, step));
});

Deno.test("normalize() gives zeros when a channel is constant", () => {
  assertEquals(
    normalize(Float32Array.of(5, 5), { channels: [{ scheme: "zscore" }] }),
    Float32Array.of(0, 0),
  );
});

Deno.test("normalize() throws when a channel lacks what its scheme needs", () => {
  const image = new Float32Array(6);
  const attempts: [() => unknown, string][] = [
    [
      () => normalize(image, { channels: new Array(4).fill({ scheme: "none" }) }),
      "Cannot normalise an image of 6 values in 4 channels: the values do not divide evenly",
    ],
    [
      () => normalize(image, { channels: [{ scheme: "ct" }] }),
      "Cannot normalise an image of 6 values in 1 channels: " +
      "channel 0 is CT and needs intensity properties",
    ],
    [
      () => normalize(image, { channels: [{ scheme: "zscore", insideMask: true }] }),
      "Cannot normalise an image of 6 values in 1 channels: channel 0 needs labels for its mask",
    ],
  ];
  for (const [attempt, message] of attempts) {
    assertEquals(assertThrows(attempt, RangeError).message, message);
  }
});

Deno.test("normalizationScheme() knows nnU-Net's names in any case and takes z-scores otherwise", () => {
  const schemes = ["ct", "CT", "noNorm", "rescale_to_0_1", "RGB_to_0_1", "zscore", "constructor"]
    .map(normalizationScheme);
  assertEquals(schemes, ["ct", "ct", "none", "rescale-to-0-1", "rgb-to-0-1", "zscore", "zscore"]);
});

Deno.test("intensityProperties() weighs every case the same, and foreground alone", async () => {
  // One case of 1000 voxels with 0..999, one of 10 voxels with 5000, one without foreground.
  const ramp = {
    image: Float32Array.from({ length: 2000 }, (_, i) => i),
    label: new Uint8Array(2000),
  };
  ramp.label.fill(2, 0, 1000);
  const small = { image: new Float32Array(10).fill(5000), label: new Int16Array(10).fill(1) };
  const empty = { image: new Float32Array(10).fill(-9999), label: new Uint8Array(10) };
  const options = { cases: 3, samples: 60_000 };
  const [found] = await intensityProperties([ramp, small, empty], options);
  // Half of the samples are uniform on 0..999, half are 5000; 4 standard errors of 20 000 samples.
  assertAlmostEquals(found.mean, (499.5 + 5000) / 2, 4 * 288.7 / Math.sqrt(20_000) / 2);
  const deviation = Math.sqrt((999 * 1001 / 12 + 0) / 2 + (4500.5 / 2) ** 2);
  assertAlmostEquals(found.standardDeviation, deviation, 3);
  assertEquals([found.minimum, found.maximum, found.percentile995], [0, 5000, 5000]);
  assertAlmostEquals(found.percentile005, 10, 2);
  assertEquals([found], await intensityProperties([ramp, small, empty], options));
  assert(
    found.mean !== (await intensityProperties([ramp, small], { ...options, seed: 2 }))[0].mean,
  );
});

Deno.test("intensityProperties() describes each channel and counts NaN as 0", async () => {
  const image = Float32Array.of(1, NaN, 1, NaN), label = Uint8Array.of(1, 1);
  const [first, second] = await intensityProperties([{ image, label }], {
    cases: 1,
    channels: 2,
    samples: 8,
  });
  assertEquals([first.median, second.median, second.maximum], [1, 0, 0]);
});

Deno.test("intensityProperties() throws when there is no foreground or there are more cases", async () => {
  const image = Float32Array.of(1, 2);
  const error = await assertRejects(
    () => intensityProperties([{ image, label: [0, 0] }], { cases: 1, samples: 9 }),
    RangeError,
  );
  assertEquals(
    error.message,
    "Cannot describe foreground intensities: none of 1 cases has a label above 0",
  );
  const more = await assertRejects(
    () =>
      intensityProperties(new Array(2).fill({ image, label: [0, 1] }), { cases: 1, samples: 9 }),
    RangeError,
  );
  assertEquals(
    more.message,
    "Cannot describe foreground intensities: expected 1 cases, found more",
  );
});
