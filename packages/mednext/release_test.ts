import { assert, assertEquals } from "@std/assert";
import { type BackendName, setBackend, type tf } from "@mednext/kernels";
import { upkern } from "@mednext/upkern";
import { createMedNeXt } from "./create_mednext.ts";
import { loadStateDict } from "./load_state_dict.ts";
import { stateDict } from "./state_dict.ts";
import {
  fill,
  filledInput,
  norm,
  outputsAndGradients,
  relativeError,
  worstGradient,
} from "./testdata/outputs_and_gradients.ts";

interface Expected {
  params: number;
  loss: number;
  heads: number[][];
  grad_l2: Record<string, number>;
  input_grad_l2: number;
}

const goldens = new URL("../../../shared/goldens/", import.meta.url);

async function read(): Promise<Record<string, Expected> | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(new URL("manifest.json", goldens)));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

const manifest = await read();
const missing = manifest ? "" : " (ignored: shared/goldens is not there)";

/** A backend to test, and the reason why it cannot be. */
interface Tested {
  backend: BackendName;
  reason: string;
}

const backends: Tested[] = [];
for (const backend of ["wasm", "tensorflow", "webgpu"] as const) {
  const reason = missing || await setBackend(backend).then(
    () => "",
    (error: Error) => ` (ignored: ${error.message})`,
  );
  backends.push({ backend, reason });
}

const NETWORK = { inputChannels: 2, classes: 3, deepSupervision: true };
const INPUT = [1, 2, 32, 48, 32];

/** The release's head, brought from N C D H W to channels last. */
async function expectedHead(key: string, head: number, shape: number[]): Promise<Float32Array> {
  const { buffer } = await Deno.readFile(new URL(`${key}_head${head}.f32`, goldens));
  const values = new Float32Array(buffer);
  const [, channels, ...spatial] = shape;
  const voxels = spatial.reduce((product, n) => product * n, 1);
  return values.map((_, i) => values[(i % channels) * voxels + Math.floor(i / channels)]);
}

async function compareHeads(
  key: string,
  heads: { shape: number[]; values: Float32Array }[],
): Promise<void> {
  const { heads: shapes } = manifest![key];
  assertEquals(heads.length, shapes.length);
  for (const [i, [n, c, d, h, w]] of shapes.entries()) {
    assertEquals(heads[i].shape, [n, d, h, w, c]);
    const error = relativeError(heads[i].values, await expectedHead(key, i, shapes[i]));
    assert(error <= 1e-4, `${key} head ${i}: ${error}`);
  }
}

function testRelease(kernelSize: 3 | 5, { backend, reason }: Tested): void {
  const key = `S${kernelSize}`;
  Deno.test({
    name:
      `createMedNeXt() equals the release's ${key} on ${backend}, outputs and gradients${reason}`,
    ignore: reason !== "",
    fn: async () => {
      await setBackend(backend);
      const { params, grad_l2, input_grad_l2 } = manifest![key];
      const model = createMedNeXt({ ...NETWORK, kernelSize });
      fill(model);
      assertEquals(model.countParams(), params);
      assertEquals([...stateDict(model).keys()], Object.keys(grad_l2));
      const x = filledInput(INPUT);
      const { heads, gradients, inputGradient } = outputsAndGradients(model, x);
      await compareHeads(key, heads);
      const worst = worstGradient(gradients, grad_l2);
      assert(worst.error <= 1e-3, `${key} gradient of ${worst.name}: ${worst.error}`);
      const inputError = Math.abs(norm(inputGradient) / input_grad_l2 - 1);
      assert(inputError <= 1e-3, `${key} gradient of the input: ${inputError}`);
      x.dispose();
      model.dispose();
    },
  });
}

function testUpkern({ backend, reason }: Tested): void {
  Deno.test({
    name: `upkern() starts the release's S5 from S3 on ${backend}${reason}`,
    ignore: reason !== "",
    fn: async () => {
      await setBackend(backend);
      const small = createMedNeXt({ ...NETWORK, kernelSize: 3 });
      const large = createMedNeXt({ ...NETWORK, kernelSize: 5 });
      fill(small);
      loadStateDict(large, upkern(stateDict(small), stateDict(large)).state);
      const x = filledInput(INPUT);
      const output = large.predict(x) as tf.Tensor[];
      const heads = output.map((head) => ({
        shape: head.shape,
        values: head.dataSync() as Float32Array,
      }));
      await compareHeads("S_upkern_3to5", heads);
      for (const each of [x, ...output, small, large]) each.dispose();
    },
  });
}

for (const tested of backends) {
  testRelease(3, tested);
  // Where webgpu has a software driver alone, the rest takes too long.
  if (tested.backend === "webgpu") continue;
  testRelease(5, tested);
  testUpkern(tested);
}
