import { assert, assertEquals, assertThrows } from "@std/assert";
import { asItIs, BLOCK, block, cloned, GRADIENT_CASES } from "../conformance/gradient_cases.ts";
import { type BackendName, setBackend } from "../set_backend.ts";
import { tf } from "../tf.ts";
import { rematerialize } from "./rematerialize.ts";
import { valueAndGradients } from "./value_and_gradients.ts";

/** Variables with random values, always the same. */
function variablesOf(shapes: number[][]): tf.Variable[] {
  return shapes.map((shape, i) =>
    tf.tidy(() => tf.variable(tf.randomNormal(shape, 0.2, 0.5, "float32", i + 1)))
  );
}

function read(tensors: (tf.Tensor | undefined)[]): (number[] | undefined)[] {
  return tensors.map((tensor) => tensor && [...tensor.dataSync()]);
}

function ours(f: () => tf.Tensor, variables: tf.Variable[]) {
  const { value, gradients } = valueAndGradients(f, variables);
  return { tensors: [value, ...gradients], dispose: () => tf.dispose([value, ...gradients]) };
}

function stock(f: () => tf.Tensor, variables: tf.Variable[]) {
  const { value, grads } = tf.variableGrads(f as () => tf.Scalar, variables);
  const gradients = variables.map(({ name }) => grads[name]);
  return { tensors: [value, ...gradients], dispose: () => tf.dispose([value, grads]) };
}

/** What of the engine must be as before. */
function engineState(): unknown {
  const { state } = tf.engine() as unknown as { state: Record<string, unknown> };
  const { gradientDepth, kernelDepth, activeTape, scopeStack, activeScope } = state;
  const { numTensors, numBytes, numDataBuffers } = tf.memory();
  const scopes = (scopeStack as unknown[]).length;
  return {
    ...{ gradientDepth, kernelDepth, activeTape, scopes, activeScope },
    ...{ numTensors, numBytes, numDataBuffers },
  };
}

/** Runs a function in a scope, and asserts that the engine is as before. */
function leavingNothing(run: () => void): void {
  const before = engineState();
  tf.tidy(run);
  assertEquals(engineState(), before);
}

for (const backend of ["cpu", "wasm"] as BackendName[]) {
  for (const { name, shapes, f } of GRADIENT_CASES) {
    Deno.test(`valueAndGradients() equals tf.variableGrads to the byte when ${name}, ${backend}`, async () => {
      await setBackend(backend, { threads: 1 });
      const variables = variablesOf(shapes);
      const loss = () => tf.sum(f(variables, asItIs));
      const expected = stock(() => tf.sum(f(variables, cloned)), variables);
      const values = read(expected.tensors);
      assert(values.slice(1).flat().some((each) => each !== 0));
      expected.dispose();
      const before = tf.memory().numTensors;
      const actual = ours(loss, variables);
      assertEquals(read(actual.tensors), values);
      // Outside of a scope, all that there is more are the results.
      const results = actual.tensors.filter((each) => each !== undefined);
      assertEquals(tf.memory().numTensors, before + results.length);
      actual.dispose();
      leavingNothing(() => void valueAndGradients(loss, variables));
      tf.dispose(variables);
    });
  }
}

Deno.test("valueAndGradients() keeps the order of the variables and has no gradient for an unused one", async () => {
  await setBackend("cpu");
  const [a, b, c] = variablesOf([[2], [3], [4]]);
  leavingNothing(() => {
    const { value, gradients } = valueAndGradients(() => tf.sum(tf.concat([a, c])), [c, b, a]);
    assertEquals(value.shape, []);
    assertEquals(read(gradients), [[1, 1, 1, 1], undefined, [1, 1]]);
  });
  tf.dispose([a, b, c]);
});

Deno.test("valueAndGradients() gives one for a variable that is returned as it is", async () => {
  await setBackend("cpu");
  const [a] = variablesOf([[1]]);
  leavingNothing(() => {
    const { value, gradients } = valueAndGradients(() => a, [a]);
    assertEquals([value === a, read(gradients)], [true, [[1]]]);
  });
  a.dispose();
});

Deno.test("valueAndGradients() leaves tensors from outside alone", async () => {
  await setBackend("cpu");
  const [a] = variablesOf([[2]]);
  const x = tf.tensor1d([2, 3]);
  leavingNothing(() => void valueAndGradients(() => tf.sum(tf.mul(x, tf.mul(a, x))), [a]));
  assertEquals([...x.dataSync()], [2, 3]);
  const kept: tf.Tensor[] = [];
  const { value, gradients } = valueAndGradients(() => {
    kept.push(tf.keep(tf.square(a)));
    return tf.sum(kept[0]);
  }, [a]);
  assertEquals(read(kept), [[...a.dataSync()].map((each) => Math.fround(each * each))]);
  tf.dispose([a, x, value, gradients, kept]);
});

Deno.test("valueAndGradients() works in a gradient function and in the forward pass of another", async () => {
  await setBackend("cpu");
  const [a, inner] = variablesOf([[2], [2]]);
  inner.assign(tf.tensor1d([5, 7]));
  const cube = () => tf.sum(tf.mul(tf.square(inner), inner));
  /** x · 3·inner², by a gradient in the forward pass; its own gradient by one in the backward pass. */
  const odd = tf.customGrad((x) => {
    const slope = valueAndGradients(cube, [inner]).gradients[0]!;
    return {
      value: tf.mul(x as tf.Tensor, slope),
      gradFunc: (dy: tf.Tensor) => tf.mul(dy, valueAndGradients(cube, [inner]).gradients[0]!),
    };
  });
  for (const compute of [ours, stock]) {
    leavingNothing(() => {
      // What is saved before the inner gradient is still there after it.
      const { tensors } = compute(() => tf.sum(tf.square(odd(tf.mul(a, 2)))), [a]);
      const [x, y] = a.dataSync();
      const expected = [x * 8 * 75 ** 2, y * 8 * 147 ** 2];
      const found = tensors[1]!.dataSync();
      expected.forEach((each, i) => assert(Math.abs(found[i] - each) < 1e-5 * Math.abs(each)));
    });
  }
  tf.dispose([a, inner]);
});

Deno.test("valueAndGradients() leaves the engine as before when something throws", async () => {
  await setBackend("cpu");
  const variables = variablesOf(BLOCK);
  const failing = (when: "forward" | "backward") => (x: tf.Tensor) =>
    tf.customGrad((x, save) => {
      (save as unknown as (tensors: tf.Tensor[]) => void)([x as tf.Tensor]);
      return {
        value: tf.mul(x as tf.Tensor, 2),
        gradFunc: (dy: tf.Tensor) => {
          if (when === "backward") tf.tidy(() => fail(tf.square(dy)));
          return dy;
        },
      };
    })(x);
  const fail = (_: tf.Tensor) => {
    throw new Error("on purpose");
  };
  const functions: (() => tf.Tensor)[] = [
    () => tf.tidy(() => fail(block(variables))),
    () => tf.sum(rematerialize((inputs) => fail(block(inputs)), variables)),
    () => tf.sum(block([failing("backward")(block(variables)), ...variables.slice(1)])),
    () => tf.sum(tf.grad((x) => fail(tf.square(x)))(block(variables))),
  ];
  for (const f of functions) {
    leavingNothing(() => {
      const error = assertThrows(() => valueAndGradients(f, variables), Error);
      assertEquals(error.message, "on purpose");
    });
    leavingNothing(() => {
      const loss = () => tf.sum(block(variables));
      assertEquals(read(ours(loss, variables).tensors), read(stock(loss, variables).tensors));
    });
  }
  tf.dispose(variables);
});

Deno.test("valueAndGradients() refuses what it cannot differentiate, and leaves nothing", async () => {
  await setBackend("cpu");
  const [a] = variablesOf([[2]]);
  const wrong = (gradient: () => tf.Tensor) => () =>
    tf.sum(
      tf.customGrad((x) => ({ value: tf.square(x as tf.Tensor), gradFunc: gradient }))(a),
    );
  const cases: [() => tf.Tensor, tf.Variable[], ErrorConstructor, string][] = [
    [() => tf.sum(a), [], Error, "expected at least one variable, found none"],
    [
      () => 3 as unknown as tf.Tensor,
      [a],
      TypeError,
      "expected the function to return one tensor, found number",
    ],
    [
      () => tf.square(a),
      [a],
      RangeError,
      "expected the function to return one value, found a tensor of shape [2]",
    ],
    [
      () => tf.scalar(3),
      [a],
      Error,
      "expected the value to depend on one of the 1 variables, found that it depends on none",
    ],
  ];
  for (const [f, variables, type, message] of cases) {
    leavingNothing(() => {
      const error = assertThrows(() => valueAndGradients(f, variables), type);
      assertEquals(error.message, `Cannot compute gradients: ${message}`);
    });
  }
  const backwards: [() => tf.Tensor, ErrorConstructor, string][] = [
    [() => tf.sum(tf.cumprod(tf.square(a))), Error, "the kernel 'Cumprod' has none"],
    [
      wrong(() => tf.zeros([3])),
      RangeError,
      "expected that of input '0' of 'unnamed scope' to be float32 [2], found float32 [3]",
    ],
    [
      wrong(() => tf.zeros([2], "int32")),
      RangeError,
      "expected that of input '0' of 'unnamed scope' to be float32 [2], found int32 [2]",
    ],
  ];
  for (const [f, type, message] of backwards) {
    leavingNothing(() => {
      const error = assertThrows(() => valueAndGradients(f, [a]), type);
      assertEquals(error.message, `Cannot compute a gradient: ${message}`);
    });
  }
  a.dispose();
});

/** The largest number of bytes in the memory of the wasm backend while a function runs. */
function peakOf(run: () => { dispose: () => void }): number {
  const { allocator } =
    (tf.backend() as unknown as { runtime: { allocator: { bytesInUse: number } } }).runtime;
  let [bytes, peak] = [allocator.bytesInUse, allocator.bytesInUse];
  const start = bytes;
  Object.defineProperty(allocator, "bytesInUse", {
    configurable: true,
    get: () => bytes,
    set(value: number) {
      bytes = value;
      peak = Math.max(peak, value);
    },
  });
  run().dispose();
  Object.defineProperty(allocator, "bytesInUse", { value: bytes, writable: true });
  return peak - start;
}

Deno.test("valueAndGradients() needs less than half of the memory when blocks follow each other", async () => {
  await setBackend("wasm", { threads: 1 });
  const variables = variablesOf([[1, 16, 16, 16, 2], ...BLOCK.slice(1)]);
  const [x, ...weights] = variables;
  const loss = () => {
    let y: tf.Tensor = x;
    for (let i = 0; i < 6; i++) {
      const before = y;
      y = tf.tidy(() => block([before, ...weights]));
    }
    return tf.sum(y);
  };
  const [frugal, plain] = [ours, stock].map((compute) => peakOf(() => compute(loss, variables)));
  assert(frugal < plain / 2, `expected less than half of ${plain} bytes, found ${frugal}`);
  tf.dispose(variables);
});

Deno.test("valueAndGradients() names the input when a gradient has nothing for it", async () => {
  await setBackend("cpu");
  const [a] = variablesOf([[2]]);
  tf.registerGradient({
    kernelName: "Cumprod",
    gradFunc: (dy) => ({ y: () => dy as tf.Tensor, z: () => dy as tf.Tensor }),
  });
  try {
    leavingNothing(() => {
      const error = assertThrows(() => valueAndGradients(() => tf.sum(tf.cumprod(a)), [a]), Error);
      assertEquals(
        error.message,
        "Cannot compute a gradient: that of 'Cumprod' has none for its input 'x', only for: y, z",
      );
    });
  } finally {
    tf.unregisterGradient("Cumprod");
    a.dispose();
  }
});
