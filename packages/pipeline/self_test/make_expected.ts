/**
 * Writes what the self-test expects: what the cpu backend computes, the truth of the others.
 *
 *     deno run -A packages/pipeline/self_test/make_expected.ts
 */
import { setBackend } from "@mednext/kernels";
import { type CheckedValues, runCheck } from "./run_check.ts";

await setBackend("cpu");
const values: Partial<CheckedValues> = {};
const { forward, step } = await runCheck((part) => void Object.assign(values, part));
const file = new URL("./expected.json", import.meta.url);
await Deno.writeTextFile(file, `${JSON.stringify(values, undefined, 2)}\n`);
console.log(`forward pass ${forward.toFixed()} ms, training step ${step.toFixed()} ms`);
