import { assertEquals, assertStringIncludes } from "@std/assert";
import { readNifti, sameGrid, writeNifti } from "@mednext/data";
import { setBackend } from "@mednext/kernels";
import { createMedNeXt } from "@mednext/mednext";
import { join } from "@std/path";
import { writeModelFolder } from "../artifacts/model_folder.ts";
import { makeCase } from "../testdata/dataset.ts";
import { main } from "./main.ts";
import { predictHelp } from "./predict_help.ts";
import type { Terminal } from "./terminal.ts";

/** Runs the command line and keeps what it writes; times are replaced. */
async function call(...args: string[]) {
  let out = "", error = "";
  const terminal: Terminal = {
    interactive: false,
    write: (text) => void (out += text),
    writeError: (line) => void (error += `${line}\n`),
    columns: () => 80,
    paint: (text) => text,
  };
  const code = await main(["predict", ...args], { terminal });
  return { code, out: out.replaceAll(/\d+\.\d s/g, "0.0 s"), error };
}

/** A folder with a model of two channels and three images, one of them corrupt. */
async function withModel(use: (folder: string, model: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "predict_command_" });
  try {
    await setBackend("wasm", { threads: 1 });
    const network = { inputChannels: 2, classes: 2, baseChannels: 2 };
    const model = createMedNeXt(network);
    await Deno.mkdir(join(folder, "model"));
    await writeModelFolder(join(folder, "model"), {
      model,
      description: {
        network,
        labels: [{ name: "background", value: 0 }, { name: "ball", value: 5 }],
        channelNames: ["T1", "T2"],
        plan: { normalization: [{ scheme: "zscore" }, { scheme: "zscore" }] },
        patchSize: [32, 32, 32],
        training: { dataset: "balls", fold: 0, parameters: {} },
      },
    });
    model.dispose();
    await Deno.mkdir(join(folder, "in"));
    for (const name of ["a_0000", "a_0001", "c_0000", "c_0001"]) {
      await writeNifti(join(folder, "in", `${name}.nii.gz`), makeCase(1).image);
    }
    await Deno.writeTextFile(join(folder, "in", "b.nii.gz"), "no image");
    await use(folder, join(folder, "model"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const flags = ["--backend", "wasm", "--threads", "1", "--no-mirroring"];

Deno.test("predict segments a folder, names the image that is corrupt, and goes on with --continue", () =>
  withModel(async (folder, model) => {
    const [images, output] = [join(folder, "in"), join(folder, "out")];
    const run = (...more: string[]) =>
      call("--model", model, "--output", output, ...flags, ...more, images);
    const first = await run();
    assertEquals(
      first.out,
      `[1/3] a: running\n[1/3] a: ran (0.0 s)\n[2/3] b: running\n[2/3] b: failed (0.0 s)\n` +
        `[3/3] c: running\n[3/3] c: ran (0.0 s)\n2 masks in ${output}, 1 failed: b\n`,
    );
    assertEquals(first.code, 1);
    assertStringIncludes(first.error, `Cannot read '${join(images, "b.nii.gz")}'`);
    const mask = await readNifti(join(output, "a.nii.gz"));
    assertEquals(sameGrid(mask, makeCase(1).image), []);

    const refused = await run();
    assertEquals([refused.code, refused.out], [1, ""]);
    assertEquals(
      refused.error,
      `Cannot write masks into '${output}': found a.nii.gz, c.nii.gz there already, and neither to be kept ` +
        "(--continue) nor to be replaced (--overwrite)\n",
    );
    const other = await run("--continue", "--aggregate", "softmax");
    assertEquals([other.code, other.out], [1, ""]);
    assertEquals(
      other.error,
      `Cannot add masks to those in '${output}': expected ones made as '${
        join(output, "prediction.json")
      }' says, found settings.aggregate: "logits" -> "softmax"\n`,
    );
    const going = await run("--continue", "--probabilities");
    assertEquals(
      going.out,
      `[2/3] b: running\n[2/3] b: failed (0.0 s)\n0 masks in ${output}, 2 kept, 1 failed: b\n`,
    );
    await Deno.remove(join(images, "b.nii.gz"));
    const again = await run(
      "--overwrite",
      "--aggregate",
      "softmax",
      "--patch-size=16,16,32",
      "--probabilities",
    );
    assertEquals([again.code, again.error], [0, ""]);
    await Deno.stat(join(output, "c.zarr", "zarr.json"));
  }));

Deno.test("predict segments one image into one file, its channels by name or by --channels", () =>
  withModel(async (folder, model) => {
    const [t1, t2] = ["a_0000", "a_0001"].map((name) => join(folder, "in", `${name}.nii.gz`));
    const [byName, byList] = ["x", "y"].map((name) => join(folder, `${name}.nii.gz`));
    const start = ["--model", model, ...flags];
    assertEquals(await call(...start, "--output", byName, t1, t2), {
      code: 0,
      out: `x: running\nx: ran (0.0 s)\n1 mask in ${byName}\n`,
      error: "",
    });
    assertEquals((await call(...start, "--output", byList, "--channels", `${t1},${t2}`)).code, 0);
    assertEquals(await Deno.readFile(byList), await Deno.readFile(byName));
    assertEquals(
      (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort(),
      ["in", "model", "x.nii.gz", "y.nii.gz"],
    );
  }));

Deno.test("predict says what is wrong with the command line, and --help what there is", () =>
  withModel(async (folder, model) => {
    const output = join(folder, "out");
    const image = join(folder, "in", "a_0000.nii.gz");
    const start = ["--model", model, "--output", output];
    const rest = "; --help shows what there is\n";
    const cases: [string[], number, string][] = [
      [["x.nii"], 2, `--model must name the folder of a trained model${rest}`],
      [["--model", model, "x.nii"], 2, `--output must name a folder for the masks${rest}`],
      [start, 2, `predict needs images: files or folders${rest}`],
      [[...start, "--modle", "x"], 2, `unknown flag --modle, did you mean "--model"?${rest}`],
      [
        [...start, "--output", "b", image],
        2,
        `--output stands for one value: found ${output} and b${rest}`,
      ],
      [[...start, "--threads=", image], 2, `--threads must have a value${rest}`],
      [[...start, "--threads=two", image], 2, `--threads must be a whole number: found two${rest}`],
      [
        [...start, "--step-size=1.5", image],
        2,
        `--step-size must be more than 0 and at most 1: found 1.5${rest}`,
      ],
      [
        [...start, "--mirror-axes=0,3", image],
        2,
        `--mirror-axes must be different axes out of 0, 1, 2, such as 0,2: found 0,3${rest}`,
      ],
      [
        [...start, "--patch-size=16,16", image],
        2,
        `--patch-size must be 3 multiples of 16, such as 96,128,128: found 16,16${rest}`,
      ],
      [
        [...start, "--aggregate=logit", image],
        2,
        `--aggregate must be logits or softmax: found logit, did you mean "logits"?${rest}`,
      ],
      [
        [...start, "--precision=half", image],
        2,
        `--precision must be float32 or mixed: found half${rest}`,
      ],
      [
        [...start, "--no-mirroring", "--mirror-axes=0", image],
        2,
        `--no-mirroring and --mirror-axes exclude each other${rest}`,
      ],
      [
        [...start, "--no-postprocessing", "--postprocessing=a.json", image],
        2,
        `--no-postprocessing and --postprocessing exclude each other${rest}`,
      ],
      [
        [...start, "--continue", "--overwrite", image],
        2,
        `--continue and --overwrite exclude each other${rest}`,
      ],
      [
        [...start, "--channels", image],
        2,
        `--channels must name 2 files (T1, T2): found ${image}${rest}`,
      ],
      [
        ["--model", model, "--output", "x.nii.gz", join(folder, "in")],
        2,
        `--output must name a folder for 3 images: found x.nii.gz${rest}`,
      ],
      [
        ["--model", model, "--output", "x.nii", join(folder, "in", "b.nii.gz")],
        2,
        `--output must end in .nii.gz or name a folder: found x.nii${rest}`,
      ],
      [
        [...start, image],
        1,
        "Cannot segment the image a: expected 2 channels (T1, T2) in a_0000, a_0001, found a_0000\n",
      ],
      [
        ["--model", output, "--output", output, image],
        1,
        `Cannot read a model from '${join(output, "model.json")}': no such file or folder\n`,
      ],
    ];
    for (const [args, code, error] of cases) {
      assertEquals(await call(...args), { code, out: "", error });
    }
    assertEquals(await call("--help"), { code: 0, out: `${predictHelp}\n`, error: "" });
  }));
