/**
 * Gets TensorFlow's library for the backend `tensorflow`, without a Python project.
 *
 *     deno task setup:tensorflow           # for the CPU, 270 MB to fetch
 *     deno task setup:tensorflow --cuda    # for NVIDIA GPUs, with CUDA and cuDNN, 3 GB to fetch
 *
 * The library ships in the pip package of TensorFlow and nowhere else; pip fetches it, and only the libraries are
 * unpacked, into `.mednext/tensorflow`, where the backend looks. A second run does nothing.
 */
import { fromFileUrl } from "@std/path";

const FOLDER = fromFileUrl(new URL("../../.mednext/tensorflow/", import.meta.url));

/** The tags of packages for Linux on x86-64; older versions of pip take a new one to mean itself alone. */
const PLATFORMS = ["manylinux_2_27", "manylinux_2_17", "manylinux2014", "manylinux1"];
/** One version, pinned by the hash of its package for CPython 3.11; the libraries do not depend on Python. */
const PYTHON = [
  ...["--python-version", "3.11"],
  ...PLATFORMS.flatMap((platform) => ["--platform", `${platform}_x86_64`]),
];
const CPU = "tensorflow-cpu==2.21.0 " +
  "--hash=sha256:2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c";
const CUDA = "tensorflow==2.21.0 " +
  "--hash=sha256:9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124";

/** What TensorFlow 2.21 asks for by `tensorflow[and-cuda]`. */
const NVIDIA = [
  "nvidia-cublas-cu12>=12.5.3.2,<13",
  "nvidia-cuda-cupti-cu12>=12.5.82,<13",
  "nvidia-cuda-nvcc-cu12>=12.5.82,<13",
  "nvidia-cuda-nvrtc-cu12>=12.5.82,<13",
  "nvidia-cuda-runtime-cu12>=12.5.82,<13",
  "nvidia-cudnn-cu12>=9.3.0.75,<10",
  "nvidia-cufft-cu12>=11.2.3.61,<12",
  "nvidia-curand-cu12>=10.3.6.82,<11",
  "nvidia-cusolver-cu12>=11.6.3.83,<12",
  "nvidia-cusparse-cu12>=12.5.1.3,<13",
  "nvidia-nccl-cu12>=2.27.7,<3",
  "nvidia-nvjitlink-cu12>=12.5.82,<13",
];

/** Unpacks the libraries, and what says whose they are, out of every package of a folder. */
const UNPACK = `
import glob, sys, zipfile
for name in glob.glob(sys.argv[1] + "/*.whl"):
    wheel = zipfile.ZipFile(name)
    wheel.extractall(sys.argv[2], [
        each for each in wheel.namelist()
        if each.startswith(("tensorflow/libtensorflow_", "nvidia/")) or ".dist-info/" in each
    ])
`;

async function setup(isCuda: boolean): Promise<void> {
  const wanted = isCuda ? "2.21.0 for CUDA" : "2.21.0 for the CPU";
  if (await installed() === wanted) return console.log(`setup: TensorFlow ${wanted} is there`);
  if (Deno.build.os !== "linux" || Deno.build.arch !== "x86_64") {
    throw new Error(
      `Cannot set up TensorFlow: expected Linux on x86-64, found ${Deno.build.os} on ` +
        `${Deno.build.arch}; "pip install tensorflow" gets a library that the backend finds`,
    );
  }
  console.log(`setup: fetching TensorFlow ${wanted}`);
  const wheels = await Deno.makeTempDir();
  const unpacked = `${FOLDER.slice(0, -1)}.part`;
  try {
    await download(wheels, [isCuda ? CUDA : CPU]);
    if (isCuda) await download(wheels, NVIDIA);
    await removeIfThere(unpacked);
    await python(["-c", UNPACK, wheels, unpacked]);
    await Deno.writeTextFile(`${unpacked}/version.txt`, wanted);
    await removeIfThere(FOLDER);
    await Deno.rename(unpacked, FOLDER);
  } finally {
    await Deno.remove(wheels, { recursive: true });
  }
  console.log(`setup: TensorFlow ${wanted} is in .mednext/tensorflow`);
}

/** Fetches packages without what they depend on. */
async function download(folder: string, requirements: string[]): Promise<void> {
  const file = `${folder}/requirements.txt`;
  await Deno.writeTextFile(file, requirements.join("\n"));
  const options = ["--no-deps", "--only-binary", ":all:", "--quiet", ...PYTHON];
  await python(["-m", "pip", "download", ...options, "--dest", folder, "--requirement", file]);
}

async function python(args: string[]): Promise<void> {
  const run = async () => {
    const command = new Deno.Command("python3", { args, stdout: "inherit", stderr: "inherit" });
    return (await command.output()).success;
  };
  const success = await run().catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error("Cannot set up TensorFlow: expected python3 with pip, found no python3");
  });
  if (!success) throw new Error(`Cannot set up TensorFlow: python3 ${args[0]} ${args[1]} failed`);
}

async function installed(): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(`${FOLDER}version.txt`);
  } catch {
    return undefined;
  }
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

if (import.meta.main) {
  try {
    await setup(Deno.args.includes("--cuda"));
  } catch (error) {
    console.error(`setup: ${error instanceof Error ? error.message : error}`);
    Deno.exit(1);
  }
}
