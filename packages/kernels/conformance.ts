/**
 * What every backend must do, as tests: import `conformance` in a test file of the backend and call it.
 *
 * Each operation is held against PyTorch (`testdata/golden.json`), against the cpu backend, and every one
 * of its gradients against central differences; `valueAndGradients` must give the bytes of `tf.variableGrads`.
 * An operation gives the same bytes twice, shares no memory with its inputs and leaves no tensor behind.
 *
 * @module
 */
import { assertEquals, assertThrows } from "@std/assert";
import type { Case } from "./conformance/case.ts";
import {
  assertGradientsAreSlopes,
  assertGradientsEqualStock,
  assertMemoryIsOwn,
  assertResultsClose,
  assertValuesClose,
  evaluate,
  read,
} from "./conformance/checks.ts";
import { CONVOLUTION_CASES } from "./conformance/convolution_cases.ts";
import {
  evaluateGolden,
  GOLDEN_ADAMW,
  GOLDEN_CASES,
  toTensor,
  unpack,
} from "./conformance/golden.ts";
import { INVERTED_BOTTLENECK_CASES } from "./conformance/inverted_bottleneck_cases.ts";
import { OTHER_CASES } from "./conformance/other_cases.ts";
import { STOCK_CASES } from "./conformance/stock_cases.ts";
import { adamwStep } from "./ops/adamw_step.ts";
import { type BackendName, setBackend } from "./set_backend.ts";
import { tf } from "./tf.ts";

/** Options of {@linkcode conformance}. */
export interface ConformanceOptions {
  /**
   * Number of threads, as for `setBackend`.
   * @default {0}
   */
  threads?: number;
}

/** Registers the tests of one backend. */
export function conformance(backend: string, options: ConformanceOptions = {}): void {
  const { threads = 0 } = options;
  const select = () => setBackend(backend as BackendName, { threads });
  const label = `conformance(${backend}${threads ? `, ${threads} threads` : ""})`;
  const cases = [
    ...CONVOLUTION_CASES,
    ...OTHER_CASES,
    ...INVERTED_BOTTLENECK_CASES,
    ...STOCK_CASES,
  ];
  for (const each of cases) {
    Deno.test(`${label} ${each.name}`, () => checkCase(each, backend, select));
  }
  GOLDEN_CASES.forEach((each, i) => {
    Deno.test(`${label} equals PyTorch: ${each.op}, case ${i}`, async () => {
      await select();
      const { actual, expected } = evaluateGolden(each);
      assertResultsClose(actual, expected);
    });
  });
  Deno.test(`${label} equals PyTorch: three steps of AdamW`, async () => {
    await select();
    checkAdamW();
  });
  Deno.test(`${label} refuses a tensor that was disposed of`, async () => {
    await select();
    const x = tf.ones([2, 2]);
    x.dispose();
    assertThrows(() => x.dataSync(), Error, "Tensor is disposed.");
    assertThrows(() => tf.add(x, 1), Error);
  });
}

async function checkCase(
  each: Case,
  backend: string,
  select: () => Promise<string>,
): Promise<void> {
  await setBackend("cpu");
  const truth = backend === "cpu" ? undefined : evaluate(each);
  await select();
  const before = counts();
  const results = evaluate(each);
  if (truth) assertResultsClose(results, truth);
  assertEquals(evaluate(each), results, "the same inputs gave other bytes");
  assertGradientsAreSlopes(each, results);
  assertGradientsEqualStock(each);
  assertMemoryIsOwn(each, results);
  assertEquals(counts(), before, "tensors were left behind");
}

function counts(): Record<string, number> {
  const { numTensors, numDataBuffers, numBytes } = tf.memory();
  return { numTensors, numDataBuffers, numBytes };
}

function checkAdamW(): void {
  const before = counts();
  const { options, start, gradients, weights } = GOLDEN_ADAMW;
  let state = {
    weights: toTensor(start),
    firstMoment: tf.zeros(start.shape) as tf.Tensor,
    secondMoment: tf.zeros(start.shape) as tf.Tensor,
  };
  gradients.forEach((packed, i) => {
    const gradient = toTensor(packed);
    const next = adamwStep({ ...state, gradient }, { ...options, step: i + 1 });
    assertValuesClose(`weights after step ${i + 1}`, read(next.weights), unpack(weights[i]));
    tf.dispose([gradient, ...Object.values(state)]);
    state = next;
  });
  assertValuesClose("firstMoment", read(state.firstMoment), unpack(GOLDEN_ADAMW.firstMoment));
  assertValuesClose("secondMoment", read(state.secondMoment), unpack(GOLDEN_ADAMW.secondMoment));
  tf.dispose(Object.values(state));
  assertEquals(counts(), before, "tensors were left behind");
}
