/**
 * Compares MedNeXt here with MedNeXt in PyTorch: `deno task bench:peers`, see README.md.
 */
import { fromFileUrl } from "@std/path";
import { type Arguments, readArguments, USAGE } from "./arguments.ts";
import { compareWork } from "./compare.ts";
import { thisMachine } from "./machine.ts";
import { runProcess } from "./process.ts";
import { preparePython, TORCH_VERSION } from "./python.ts";
import { type Compared, makeResults, type Results, resultsName, writeResults } from "./results.ts";
import { formatTable } from "./table.ts";
import {
  CLASSES,
  describeWork,
  INPUT_CHANNELS,
  QUICK_WORKS,
  selectWorks,
  type Work,
  WORKS,
} from "./works.ts";

const ROOT = fromFileUrl(new URL("../", import.meta.url));

/** Measures the works one after the other; the files that the processes share are gone afterwards. */
async function compareWorks(
  works: readonly Work[],
  { threads, repeats, plain, python }: {
    threads: number;
    repeats: number;
    plain: boolean;
    python: string;
  },
): Promise<Compared[]> {
  const folder = await Deno.makeTempDir({ prefix: "mednext-benchmark-" });
  const files = { weights: `${folder}/weights.safetensors`, inputs: `${folder}/in.safetensors` };
  const compared: Compared[] = [];
  try {
    for (const work of works) {
      const task = { work, inputChannels: INPUT_CHANNELS, classes: CLASSES, threads, ...files };
      compared.push({ work, measurements: await compareWork(task, { repeats, plain, python }) });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  return compared;
}

/** Runs the benchmark; whether every process did its work. */
async function run(options: Arguments): Promise<boolean> {
  if (Deno.build.os !== "linux") {
    throw new Error(
      `Cannot measure peak memory: expected Linux with /proc/self/status, found ${Deno.build.os}`,
    );
  }
  const { threads, repeats, plain } = options;
  const works = selectWorks(options.quick ? QUICK_WORKS : WORKS, options.only);
  const venv = options.venv ?? `${ROOT}.mednext/benchmarks/torch-${TORCH_VERSION}`;
  const python = await preparePython(venv);
  const machine = await thisMachine();
  const git = await runProcess("git", ["-C", ROOT, "rev-parse", "HEAD"]);
  const commit = git?.success ? git.stdout.trim() : undefined;
  const compared = await compareWorks(works, { threads, repeats, plain, python });
  const date = new Date().toISOString();
  const results = makeResults(compared, { date, commit, machine, threads, repeats });
  const path = options.output ?? `${ROOT}benchmarks/results/${resultsName(results, options)}`;
  await writeResults(path, results);
  print(results);
  console.log(`\nwritten to ${path}`);
  return compared.every(({ measurements }) => measurements.every((each) => "outcome" in each));
}

function print({ machine, ours, pytorch, threads, repeats, works }: Results): void {
  console.log(
    `${machine.cpu}, threads: ${threads}, repeats: ${repeats}, Deno ${ours.deno}, PyTorch ${pytorch.torch}, ` +
      `kernels: ${ours.kernels}\n`,
  );
  const rows = works.map((work) => ({ title: describeWork(work), summary: work.summary }));
  console.log(formatTable(rows));
}

if (import.meta.main) {
  try {
    const options = readArguments(Deno.args);
    if (options.help) console.log(USAGE);
    else if (!await run(options)) Deno.exitCode = 1;
  } catch (error) {
    console.error(`bench:peers: ${error instanceof Error ? error.message : error}`);
    Deno.exitCode = 1;
  }
}
