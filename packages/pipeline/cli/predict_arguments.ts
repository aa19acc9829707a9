import { parseArgs } from "@std/cli/parse-args";
import { didYouMean } from "../graph/suggest.ts";
import type { PredictImagesOptions } from "../predict/predict_images.ts";
import { UsageError } from "./arguments.ts";

/** The command line of `predict` that has been read. */
export interface PredictArguments {
  /** Whether only the help is wanted. */
  readonly help: boolean;
  /** Files and folders. */
  readonly paths: readonly string[];
  /** Images by the files of their channels. */
  readonly channels: readonly (readonly string[])[];
  /** Everything for `predictImages`. */
  readonly options: PredictImagesOptions;
}

const booleans = [
  "no-mirroring",
  "no-postprocessing",
  "probabilities",
  "continue",
  "overwrite",
  "help",
] as const;
const lists = ["model", "channels"] as const;
const single = [
  "output",
  "step-size",
  "patch-size",
  "mirror-axes",
  "aggregate",
  "postprocessing",
  "backend",
  "threads",
  "precision",
] as const;

/** One flag and its text. */
type Text = (flag: typeof single[number]) => string | undefined;

/**
 * Reads the command line of `predict`.
 *
 * @param args What stands behind `predict`.
 * @returns What it says.
 * @throws {UsageError} If it makes no sense.
 */
export function readPredictArguments(args: readonly string[]): PredictArguments {
  const unknown: string[] = [];
  const values = parseArgs([...args], {
    boolean: booleans,
    string: [...lists, ...single, "_"],
    collect: [...lists, ...single],
    alias: { help: "h" },
    unknown: (argument) => {
      if (argument.startsWith("-") && argument !== "-") unknown.push(argument.split("=")[0]);
      return true;
    },
  }) as unknown as Record<string, unknown> & { _: (string | number)[] };
  if (unknown.length > 0) {
    const known = [...booleans, ...lists, ...single].map((flag) => `--${flag}`);
    throw new UsageError(`unknown flag ${unknown[0]}${didYouMean(unknown[0], known)}`);
  }
  const all = (flag: string) => [values[flag] ?? []].flat() as string[];
  for (const flag of [...lists, ...single]) {
    if (all(flag).includes("")) throw new UsageError(`--${flag} must have a value`);
  }
  const text: Text = (flag) => {
    const [first, second] = all(flag);
    if (second === undefined) return first;
    throw new UsageError(`--${flag} stands for one value: found ${first} and ${second}`);
  };
  const help = values.help === true;
  const paths = values._.map(String);
  const channels = all("channels").map((list) => list.split(","));
  if (!help) checkThere({ models: all("model"), output: text("output"), paths, channels });
  return { help, paths, channels, options: readOptions(all("model"), text, values) };
}

function readOptions(
  models: string[],
  text: Text,
  values: Record<string, unknown>,
): PredictImagesOptions {
  if (values["no-mirroring"] && text("mirror-axes") !== undefined) {
    throw new UsageError("--no-mirroring and --mirror-axes exclude each other");
  }
  if (values["no-postprocessing"] && text("postprocessing") !== undefined) {
    throw new UsageError("--no-postprocessing and --postprocessing exclude each other");
  }
  if (values.continue && values.overwrite) {
    throw new UsageError("--continue and --overwrite exclude each other");
  }
  const mirrorAxes = integers("mirror-axes", text("mirror-axes"), { least: 0, most: 2 });
  const patchSize = integers("patch-size", text("patch-size"), {
    least: 16,
    count: 3,
    multiple: 16,
  });
  const stepSize = text("step-size");
  if (stepSize !== undefined && !(Number(stepSize) > 0 && Number(stepSize) <= 1)) {
    throw new UsageError(`--step-size must be more than 0 and at most 1: found ${stepSize}`);
  }
  const [threads] = integers("threads", text("threads"), { least: 0, count: 1 }) ?? [0];
  return {
    models,
    output: text("output") ?? "",
    stepSize: stepSize === undefined ? undefined : Number(stepSize),
    mirrorAxes: values["no-mirroring"] ? [] : mirrorAxes,
    patchSize: patchSize as PredictImagesOptions["patchSize"],
    aggregate: choice("aggregate", text("aggregate"), ["logits", "softmax"]),
    postprocessing: values["no-postprocessing"] ? false : text("postprocessing"),
    probabilities: values.probabilities === true,
    existing: values.continue ? "keep" : values.overwrite ? "replace" : "refuse",
    backend: choice("backend", text("backend"), ["auto", "wasm", "tensorflow", "webgpu", "cpu"]),
    threads,
    precision: choice("precision", text("precision"), ["float32", "mixed"]),
  };
}

function checkThere(
  { models, output, paths, channels }: {
    models: readonly string[];
    output: string | undefined;
    paths: readonly string[];
    channels: readonly unknown[];
  },
): void {
  if (models.length === 0) throw new UsageError("--model must name the folder of a trained model");
  if (output === undefined) throw new UsageError("--output must name a folder for the masks");
  if (paths.length + channels.length === 0) {
    throw new UsageError("predict needs images: files or folders");
  }
}

function integers(
  flag: string,
  text: string | undefined,
  { least, most = Infinity, count, multiple = 1 }: {
    least: number;
    most?: number;
    count?: number;
    multiple?: number;
  },
): number[] | undefined {
  if (text === undefined) return undefined;
  const values = text.split(",").map((part) => /^\d+$/.test(part) ? Number(part) : NaN);
  const fits = (value: number) => value >= least && value <= most && value % multiple === 0;
  const right = values.every(fits) && (count === undefined || values.length === count) &&
    (count !== undefined || new Set(values).size === values.length);
  if (right) return values;
  const what = count === 1
    ? "a whole number"
    : count === undefined
    ? `different axes out of 0, 1, 2, such as 0,2`
    : `${count} multiples of ${multiple}, such as 96,128,128`;
  throw new UsageError(`--${flag} must be ${what}: found ${text}`);
}

function choice<T extends string>(
  flag: string,
  text: string | undefined,
  values: readonly T[],
): T | undefined {
  if (text === undefined) return undefined;
  const found = values.find((value) => value === text);
  if (found !== undefined) return found;
  throw new UsageError(
    `--${flag} must be ${values.join(" or ")}: found ${text}${didYouMean(text, values)}`,
  );
}
