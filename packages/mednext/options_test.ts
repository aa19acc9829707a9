import { assert, assertEquals } from "@std/assert";
import { setBackend } from "@mednext/kernels";
import type { MedNeXtConfig } from "./config.ts";
import { createMedNeXt } from "./create_mednext.ts";
import {
  fill,
  filledInput,
  norm,
  outputsAndGradients,
  worstGradient,
} from "./testdata/outputs_and_gradients.ts";

interface Head {
  shape: number[];
  max: number;
  l2: number;
  step: number;
  values: string;
}
interface Case {
  config: MedNeXtConfig;
  input: number[];
  heads: Head[];
  inputGradient: number;
  gradients: Record<string, number>;
}
const { cases }: { cases: Record<string, Case> } = JSON.parse(
  await Deno.readTextFile(new URL("./testdata/golden.json", import.meta.url)),
);

const runs = (["cpu", "wasm"] as const).flatMap((backend) =>
  Object.entries(cases).map(([name, expected]) => ({ backend, name, ...expected }))
);

for (const { backend, name, config, input, heads, gradients, inputGradient } of runs) {
  Deno.test(`createMedNeXt() equals PyTorch on ${backend} when made with ${name}`, async () => {
    await setBackend(backend);
    const model = createMedNeXt(config);
    fill(model);
    const x = filledInput(input);
    const result = outputsAndGradients(model, x);
    assertEquals(result.heads.map(({ shape }) => shape), heads.map(({ shape }) => shape));
    heads.forEach(({ max, l2, step, values: text }, i) => {
      const { values } = result.heads[i];
      const errors = text.split(" ").map((value, k) => Math.abs(Number(value) - values[k * step]));
      assert(Math.max(...errors) / max <= 1e-4, `head ${i}: ${Math.max(...errors) / max}`);
      assert(Math.abs(norm(values) / l2 - 1) <= 1e-4, `head ${i}: norm ${norm(values)}, not ${l2}`);
    });
    assertEquals([...result.gradients.keys()].toSorted(), Object.keys(gradients).toSorted());
    const worst = worstGradient(result.gradients, gradients);
    assert(worst.error <= 1e-3, `gradient of ${worst.name}: ${worst.error}`);
    assert(
      Math.abs(norm(result.inputGradient) / inputGradient - 1) <= 1e-3,
      "gradient of the input",
    );
    x.dispose();
    model.dispose();
  });
}
