/**
 * How much memory `predict` needs for a large volume with many classes: its largest resident set.
 *
 *     deno run -A benchmarks/large_volume.ts [--size 512] [--classes 14] [--patch 128] [--step-size 0.5]
 *
 * The network is tiny: what is measured is everything around it. Linux only.
 */
import { writeNifti } from "@mednext/data";
import { setBackend } from "@mednext/kernels";
import { createMedNeXt, stateDict, writeSafetensors } from "@mednext/mednext";
import { parseArgs } from "@std/cli/parse-args";
import { fromFileUrl, join } from "@std/path";

const MAIN = fromFileUrl(new URL("../packages/pipeline/main.ts", import.meta.url));
/** Milliseconds between two looks at the process; what it held at most only ever grows. */
const EVERY = 200;

const flags = parseArgs(Deno.args, {
  string: ["size", "classes", "patch", "step-size"],
  default: { size: "512", classes: "14", patch: "128", "step-size": "0.5" },
});
const size = Number(flags.size), classes = Number(flags.classes), patch = Number(flags.patch);

const folder = await Deno.makeTempDir({ prefix: "large_volume_" });
try {
  await makeModel(join(folder, "model"));
  await makeImage(join(folder, "image.nii"));
  const started = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", MAIN, "predict", "--no-mirroring", `--step-size=${flags["step-size"]}`]
      .concat(["--model", join(folder, "model"), "--output", join(folder, "masks")])
      .concat(join(folder, "image.nii")),
  }).spawn();
  let done = false;
  const finished = child.status.finally(() => done = true);
  let peak = 0;
  while (!done) {
    peak = Math.max(peak, await largestResidentSet(child.pid));
    await new Promise((resolve) => setTimeout(resolve, EVERY));
  }
  if (!(await finished).success) Deno.exit(1);
  const seconds = (performance.now() - started) / 1000;
  const scores = 4 * size ** 3 * classes;
  console.log(
    `${size}³ voxels, ${classes} classes, patch ${patch}³: at most ${gib(peak)} resident, ` +
      `${Math.round(seconds)} s; the scores of the whole volume would be ${gib(scores)}`,
  );
} finally {
  await Deno.remove(folder, { recursive: true });
}

/** A model folder as `train` writes it, with random weights. */
async function makeModel(path: string): Promise<void> {
  await setBackend("cpu");
  const network = { inputChannels: 1, classes, baseChannels: 2 };
  const description = {
    format: 1,
    network,
    labels: Array.from({ length: classes }, (_, value) => ({ name: `label ${value}`, value })),
    channelNames: ["CT"],
    plan: { normalization: [{ scheme: "zscore" }] },
    patchSize: [patch, patch, patch],
    training: { dataset: "none", fold: "all", parameters: {} },
  };
  await Deno.mkdir(path);
  await Deno.writeTextFile(join(path, "model.json"), JSON.stringify(description));
  const weights = writeSafetensors(stateDict(createMedNeXt(network)));
  await Deno.writeFile(join(path, "weights.safetensors"), weights);
}

/** Noise, int16. */
async function makeImage(path: string): Promise<void> {
  const data = new Int16Array(size ** 3);
  for (let i = 0; i < data.length; i++) data[i] = 1 + (Math.imul(i, 2654435761) >>> 20);
  await writeNifti(path, {
    data,
    shape: [size, size, size],
    channels: 1,
    spacing: [1, 1, 1],
    affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
  });
}

/** Bytes that a process has held at most; 0 when it is gone. */
async function largestResidentSet(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`).catch(() => "");
  return 1024 * Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0);
}

function gib(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(2)} GiB`;
}
