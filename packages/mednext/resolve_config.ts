/**
 * The one place where settings are checked.
 * @module
 */
import type { MedNeXtConfig, ResolvedMedNeXtConfig } from "./config.ts";
import { PRESETS } from "./presets.ts";

const STAGES = 9;

/** What a field must be, in words, and whether a value is. */
interface Rule {
  is: (value: unknown) => boolean;
  words: string;
}

const isInteger = (value: unknown, least: number, most = Number.MAX_SAFE_INTEGER): boolean =>
  Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;

/** Settings come from files too: a network beyond these would fill the memory before anyone sees why. */
const count = (most: number): Rule => ({
  is: (value) => isInteger(value, 1, most),
  words: `an integer from 1 to ${most}`,
});
const flag: Rule = { is: (value) => typeof value === "boolean", words: "true or false" };
const kernel: Rule = {
  is: (value) => isInteger(value, 1, 7) && (value as number) % 2 === 1,
  words: "1, 3, 5 or 7",
};
const perStage = (most: number): Rule => ({
  is: (value) => Array.isArray(value) && value.length === STAGES && value.every(count(most).is),
  words: `${STAGES} integers from 1 to ${most} (encoder 0 to 3, bottleneck, decoder 3 to 0)`,
});
const oneOf = (...values: (string | number)[]): Rule => ({
  is: (value) => values.includes(value as string | number),
  words: values.map((value) => JSON.stringify(value)).join(" or "),
});

const RULES: Record<keyof MedNeXtConfig, Rule> = {
  inputChannels: count(1024),
  classes: count(65536),
  size: oneOf("S", "B", "M", "L"),
  kernelSize: kernel,
  deepSupervision: flag,
  baseChannels: count(1024),
  expansionRatios: perStage(64),
  blockCounts: perStage(64),
  encoderKernelSize: kernel,
  decoderKernelSize: kernel,
  norm: oneOf("group", "layer"),
  grn: flag,
  residual: flag,
  residualResampling: flag,
  dimensions: oneOf(2, 3),
  rematerialize: flag,
  seed: { is: (value) => isInteger(value, 0), words: "a non-negative integer" },
};

const REQUIRED = ["inputChannels", "classes"];

const shown = (value: unknown): string =>
  typeof value === "number" || value === undefined ? String(value) : JSON.stringify(value);

/** One sentence for each field that is wrong. */
function problemsOf(config: MedNeXtConfig): string[] {
  const fields = Object.keys(RULES);
  const unknown = Object.keys(config).filter((field) => !fields.includes(field))
    .map((field) => `'${field}' is not a field; the fields are ${fields.join(", ")}`);
  const wrong = Object.entries(RULES).filter(([field, rule]) => {
    const value = config[field as keyof MedNeXtConfig];
    return value === undefined ? REQUIRED.includes(field) : !rule.is(value);
  }).map(([field, rule]) =>
    `'${field}' must be ${rule.words}: current value is ${
      shown(config[field as keyof MedNeXtConfig])
    }`
  );
  return [...wrong, ...unknown];
}

/**
 * Checks the settings of a network and fills in the defaults.
 *
 * Where the release's own constructor lets `kernel_size` overrule the kernel sizes of encoder and decoder,
 * here the more specific field goes first.
 *
 * @example
 * ```ts
 * import { resolveConfig } from "@mednext/mednext";
 * import { assertEquals } from "@std/assert";
 *
 * const config = resolveConfig({ inputChannels: 1, classes: 3, size: "B", kernelSize: 5 });
 * assertEquals(config.expansionRatios, [2, 3, 4, 4, 4, 4, 4, 3, 2]);
 * assertEquals(config.decoderKernelSize, 5);
 * ```
 * @param config The settings as written.
 * @returns A copy with every field.
 * @throws {RangeError} Names every field that is missing, wrong or unknown, with its value.
 */
export function resolveConfig(config: MedNeXtConfig): ResolvedMedNeXtConfig {
  const problems = problemsOf(config);
  if (problems.length > 0) {
    throw new RangeError(`Cannot create a MedNeXt as ${problems.join("; as ")}`);
  }
  const { size = "S", kernelSize = 3 } = config;
  const preset = PRESETS[size];
  return {
    inputChannels: config.inputChannels,
    classes: config.classes,
    size,
    kernelSize,
    deepSupervision: config.deepSupervision ?? false,
    baseChannels: config.baseChannels ?? 32,
    expansionRatios: [...(config.expansionRatios ?? preset.expansionRatios)],
    blockCounts: [...(config.blockCounts ?? preset.blockCounts)],
    encoderKernelSize: config.encoderKernelSize ?? kernelSize,
    decoderKernelSize: config.decoderKernelSize ?? kernelSize,
    norm: config.norm ?? "group",
    grn: config.grn ?? false,
    residual: config.residual ?? true,
    residualResampling: config.residualResampling ?? true,
    dimensions: config.dimensions ?? 3,
    rematerialize: config.rematerialize ?? preset.rematerialize,
    seed: config.seed ?? 0,
  };
}
