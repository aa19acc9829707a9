// The fused inverted bottleneck in both binaries, with more voxels than the conformance suite has, so that there are several
// tiles in several parts; and with any number of threads.
import { assertEquals } from "@std/assert";
import type { Case } from "../conformance/case.ts";
import { assertResultsClose, evaluate } from "../conformance/checks.ts";
import { invertedBottleneck } from "../ops/inverted_bottleneck.ts";
import { tf } from "../tf.ts";
import { registerWasmBackend } from "./register.ts";

function bottleneckCase(
  x: number[],
  [expanded, outputs]: [number, number],
  norm: "group" | "layer",
): Case {
  return {
    name: `${norm} ${JSON.stringify(x)} -> ${expanded} -> ${outputs}`,
    shapes: {
      ...{ x, gamma: [x[4]], beta: [x[4]], expand: [x[4], expanded], expandBias: [expanded] },
      ...{ compress: [expanded, outputs], compressBias: [outputs] },
      residual: [...x.slice(0, 4), outputs],
    },
    linear: false,
    scale: 0.5,
    run: ({ x, gamma, beta, expand, expandBias, compress, compressBias, residual }) =>
      invertedBottleneck(x, {
        norm: { gamma, beta },
        expand: { filter: expand, bias: expandBias },
        compress: { filter: compress, bias: compressBias },
      }, { norm, residual }),
  };
}

const CASES = [
  bottleneckCase([2, 9, 16, 17, 5], [11, 7], "group"),
  bottleneckCase([1, 15, 16, 17, 8], [32, 4], "group"),
  bottleneckCase([2, 9, 16, 17, 6], [12, 5], "layer"),
];

for (const variant of ["simd", "relaxed_simd", "wide_simd"] as const) {
  const name = `wasm-bottleneck-${variant}`;
  for (const each of CASES) {
    Deno.test(`invertedBottleneck() gives in ${variant} what it gives on the cpu: ${each.name}`, async () => {
      await tf.setBackend("cpu");
      const expected = evaluate(each);
      await registerWasmBackend({ threads: 1, name, variant });
      await tf.setBackend(name);
      const one = evaluate(each);
      assertResultsClose(one, expected);
      for (const threads of [2, 3, 5]) {
        await registerWasmBackend({ threads, name });
        assertEquals(evaluate(each), one, `${threads} threads gave other bytes`);
      }
      await registerWasmBackend({ threads: 1, name });
    });
  }
}
