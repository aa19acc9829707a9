/**
 * Measures MedNeXt on this machine's GPU, on each of our backends that runs and in PyTorch where that sees a CUDA
 * device: `deno task bench:gpu`, see README.md.
 */
import { v8Flags } from "@mednext/kernels/v8-flags";
import { parseArgs } from "@std/cli/parse-args";
import { fromFileUrl } from "@std/path";
import { formatGpuTable, type GpuRow } from "./gpu/table.ts";
import {
  type GpuOutcome,
  type GpuTask,
  gpuWorks,
  type OurRunner,
  type Runner,
} from "./gpu/task.ts";
import { lastLine, runProcess } from "./process.ts";
import { CLASSES, INPUT_CHANNELS } from "./works.ts";

const USAGE = `Measures S k3, S k5 and L k5, forward and a training step.

    deno task bench:gpu [--voxels N] [--repeats N] [--only TEXT] [--python PATH] [--output FILE]

--voxels N     voxels along each axis of the patch, a multiple of 16 from 32 (128)
--repeats N    timed passes, after two that are not (5)
--only TEXT    only runners and networks of this list, such as webgpu,float32,S3,forward
--python PATH  a Python with PyTorch (python3)
--output FILE  where the results go as JSON`;

const OURS: OurRunner[] = ["webgpu", "webgpu-mixed", "tensorflow", "tensorflow-mixed", "wasm"];
const RUNNERS: Runner[] = [...OURS, "float32", "tf32", "bfloat16"];

async function measure(task: GpuTask, python: string): Promise<GpuRow["result"]> {
  const script = (name: string) => fromFileUrl(new URL(`./gpu/${name}`, import.meta.url));
  const json = JSON.stringify(task);
  const flags = v8Flags().join(","); // as the pipeline starts its stages
  const finished = OURS.some((runner) => runner === task.runner)
    ? await runProcess(Deno.execPath(), ["run", "-A", "--quiet", script("ours.ts"), json], {
      ...{ NO_COLOR: "1" },
      ...(flags === "" ? {} : { DENO_V8_FLAGS: flags }),
    })
    : await runProcess(python, [script("run.py"), json]);
  if (finished === undefined) return { error: `no program ${python}` };
  if (finished.success) return JSON.parse(lastLine(finished.stdout)) as GpuOutcome;
  const message = finished.stderr.match(/^error: (?:Uncaught (?:\(in promise\) )?)?(.*)$/m)?.[1];
  return { error: message ?? lastLine(finished.stderr) };
}

/** Of each kind of choice (runner, network, pass) what is named, or all if nothing of the kind is. */
function selected(only: string[], names: string[]): string[] {
  const chosen = names.filter((name) => only.includes(name));
  return chosen.length > 0 ? chosen : names;
}

async function run(args: string[]): Promise<void> {
  const { help, output, ...given } = parseArgs(args, {
    boolean: ["help"],
    string: ["voxels", "repeats", "only", "python", "output"],
  });
  const { voxels: size = "128", repeats: count = "5", only: names = "", python = "python3" } =
    given;
  if (help) return console.log(USAGE);
  const [voxels, repeats] = [Number(size), Number(count)];
  if (!(voxels >= 32 && voxels % 16 === 0 && Number.isInteger(repeats) && repeats > 0)) {
    throw new RangeError(
      `Cannot measure: expected voxels to be a multiple of 16 from 32 and at least one repeat, found ${voxels} and ${repeats}`,
    );
  }
  const only = names.split(",");
  const runners = selected(only, RUNNERS) as Runner[];
  const networks = selected(only, ["S3", "S5", "L5"]);
  const kinds = selected(only, ["forward", "train"]);
  const works = gpuWorks(voxels).filter(({ size, kernelSize, kind }) =>
    networks.includes(`${size}${kernelSize}`) && kinds.includes(kind)
  );
  const rows: GpuRow[] = [];
  for (const work of works) {
    for (const runner of runners) {
      const shared = { inputChannels: INPUT_CHANNELS, classes: CLASSES, repeats };
      const result = await measure({ ...work, runner, ...shared }, python);
      rows.push({ work, runner, result });
      console.error(formatGpuTable(rows.slice(-1)).split("\n").at(-1));
    }
  }
  console.log(formatGpuTable(rows));
  const results = { date: new Date().toISOString(), deno: Deno.version.deno, rows };
  if (output) await Deno.writeTextFile(output, JSON.stringify(results, undefined, 2) + "\n");
}

await run(Deno.args);
