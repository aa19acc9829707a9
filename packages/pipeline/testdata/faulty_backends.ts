/** A self-test that goes wrong on each backend in another way; it computes nothing. */
interface Context {
  params: { backend: string };
  log(line: string): void;
}

const times = { shape: [16, 16, 32], forward: 10, step: 32.4, peakBytes: 3 * 2 ** 20 };

const acts: Record<string, (context: Context) => void> = {
  /** Reads memory that is not its own, as drivers do that crash. */
  tensorflow({ log }) {
    log(JSON.stringify({ found: "a GPU", isChosen: false, phase: "in its start" }));
    new Deno.UnsafePointerView(Deno.UnsafePointer.create(8n)!).getInt8();
  },
  /** Keeps its process to itself for ever. */
  webgpu() {
    while (true);
  },
  /** Computes, but not what it should. */
  wasm({ log }) {
    log("null");
    console.log("a library greets");
    log(JSON.stringify({ found: "threads", isChosen: true, isStarted: true, wrong: "expected 1" }));
    log(JSON.stringify({ times }));
  },
  cpu({ log }) {
    log(JSON.stringify({ found: "loops", isChosen: true }));
    throw new Error("Cannot set the backend");
  },
};

export default {
  revision: 1,
  inputs: {},
  outputs: {},
  params: {},
  run: (context: Context) => acts[context.params.backend](context),
};
