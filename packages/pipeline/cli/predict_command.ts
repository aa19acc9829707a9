import type { TestCase } from "@mednext/data";
import { basename, dirname } from "@std/path";
import { readModelDescription } from "../artifacts/model_description.ts";
import { findImages } from "../predict/find_images.ts";
import { modelFolders } from "../predict/model_folders.ts";
import { predictApart } from "../predict/predict_apart.ts";
import type { PredictImagesOptions } from "../predict/predict_images.ts";
import { UsageError } from "./arguments.ts";
import { type PredictArguments, readPredictArguments } from "./predict_arguments.ts";
import { predictHelp } from "./predict_help.ts";
import { createStopSignal } from "./stop_signal.ts";
import type { Terminal } from "./terminal.ts";
import { createTerminalReporter } from "./terminal_reporter.ts";

/** `predict`: segments images, shows how it goes, says at the end which have no mask. */
export async function predictCommand(
  args: readonly string[],
  { terminal }: { terminal: Terminal },
): Promise<number> {
  const read = readPredictArguments(args);
  if (read.help) {
    terminal.write(`${predictHelp}\n`);
    return 0;
  }
  const { images, ...where } = named(await imagesOf(read), read.options.output);
  using stop = createStopSignal(terminal, "patch");
  const { signal } = stop;
  const shown = progressOn(terminal, images.length);
  try {
    const { segmented, kept, failed } = await predictApart(images, {
      ...read.options,
      ...where,
      ...shown,
      signal,
    });
    const parts = [
      `${count(segmented.length, "mask")} in ${read.options.output}`,
      ...(kept.length > 0 ? [`${kept.length} kept`] : []),
      ...(failed.length > 0
        ? [`${failed.length} failed: ${failed.map(({ id }) => id).join(", ")}`]
        : []),
    ];
    terminal.write(`${parts.join(", ")}\n`);
    return failed.length > 0 ? 1 : 0;
  } catch (error) {
    if (!signal.aborted) throw error;
    terminal.writeError("Stopped; the same command with --continue goes on with the other images");
    return 130;
  }
}

/** The images that the command line names. */
async function imagesOf({ paths, channels, options }: PredictArguments): Promise<TestCase[]> {
  const [model] = await modelFolders(options.models);
  const { channelNames } = await readModelDescription(model);
  const found = await findImages(paths, { channelNames });
  for (const files of channels) {
    if (files.length !== channelNames.length) {
      throw new UsageError(
        `--channels must name ${count(channelNames.length, "file")} (${
          channelNames.join(", ")
        }): ` +
          `found ${files.join(",")}`,
      );
    }
    const [{ id }] = await findImages([files[0]], { channelNames: [channelNames[0]] });
    found.push({ id, images: [...files] });
  }
  const twice = found.find(({ id }, i) => found.findIndex((other) => other.id === id) < i);
  if (twice === undefined) return found;
  const [first, second] = found.filter(({ id }) => id === twice.id);
  throw new UsageError(
    `images must have different names: found ${first.images[0]} and ${second.images[0]}`,
  );
}

/** The folder of the masks; where one image's mask is named, the image has that name. */
function named(
  images: TestCase[],
  output: string,
): { images: TestCase[]; output: string; manifest: boolean } {
  if (!/\.nii(\.gz)?$/i.test(output)) return { images, output, manifest: true };
  if (images.length === 1 && output.endsWith(".nii.gz")) {
    const id = basename(output).slice(0, -".nii.gz".length);
    return { images: [{ ...images[0], id }], output: dirname(output), manifest: false };
  }
  throw new UsageError(
    images.length === 1
      ? `--output must end in .nii.gz or name a folder: found ${output}`
      : `--output must name a folder for ${images.length} images: found ${output}`,
  );
}

/** Shows the images one after the other, as the stages of a pipeline are shown. */
function progressOn(
  terminal: Terminal,
  images: number,
): Pick<PredictImagesOptions, "onProgress" | "onImage" | "onNote"> {
  const reporter = createTerminalReporter(terminal);
  const label = (id: string, index: number) => images === 1 ? id : `[${index + 1}/${images}] ${id}`;
  let startedAt = 0;
  return {
    onProgress({ id, index, patch, patches }) {
      const name = label(id, index);
      if (patches > 0) {
        return reporter.progress(name, { done: patch, total: patches, unit: "patches" });
      }
      startedAt = performance.now();
      reporter.start(name, { resumed: false, retry: 0 });
    },
    onImage({ id, index, error }) {
      const seconds = (performance.now() - startedAt) / 1000;
      reporter.end(label(id, index), { outcome: error ? "failed" : "ran", seconds });
      if (error) terminal.writeError(terminal.paint(error.message, "red"));
    },
    onNote: (line) => reporter.notice(line),
  };
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
