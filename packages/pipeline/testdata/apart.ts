/**
 * A stage for tests of `ownProcess`: does what its parameter `act` says, in whatever process it is.
 * It imports nothing.
 */
interface Context {
  instance: string;
  params: { act: string; count: number; milliseconds: number; any: unknown };
  in: { from?: string };
  out: { text: string };
  scratch: string;
  seed: number;
  compute: unknown;
  signal: AbortSignal;
  progress(event: { done: number; total: number }): void;
  log(line: string): void;
  summarize(values: Record<string, number>): void;
}

const acts: Record<string, (context: Context) => void | Promise<void>> = {
  async tell(context) {
    const { signal: _, progress, log, summarize, ...data } = context;
    log("first");
    progress({ done: 1, total: 2 });
    log("second");
    summarize({ half: 0.5, none: NaN });
    const flags = Deno.env.get("DENO_V8_FLAGS");
    const any = Deno.inspect(context.params.any, { breakLength: Infinity });
    const told = { ...data, pid: Deno.pid, flags, any };
    await Deno.writeTextFile(context.out.text, JSON.stringify(told));
  },
  async print({ out, log }) {
    log("before");
    console.log("printed\nin two lines");
    Deno.stdout.writeSync(new TextEncoder().encode("no end of line, "));
    log("after");
    console.log('{"type":"done"}');
    await Deno.writeTextFile(out.text, "");
  },
  fail() {
    const deepest = Object.assign(new Error("deepest"), { code: "ENOENT" });
    throw new RangeError("outer", { cause: new TypeError("inner", { cause: deepest }) });
  },
  failByValue() {
    throw "a text";
  },
  failLater() {
    void Promise.reject(new RangeError("nobody waited for this"));
    return new Promise(() => {});
  },
  failToWrite({ out }) {
    const cause = Object.assign(new Error("full"), { code: "ENOSPC" });
    throw Object.assign(new Error(`Cannot write ${out.text}: full`, { cause }), {
      name: "WriteError",
      path: "the/disk",
    });
  },
  exit() {
    Deno.exit(3);
  },
  kill() {
    Deno.kill(Deno.pid, "SIGKILL");
    return new Promise(() => {});
  },
  /** Counts on from its checkpoint; looks at the signal between steps. */
  async count({ params, out, scratch, signal, progress, log }) {
    let done = Number(await Deno.readTextFile(`${scratch}/done`).catch(() => "0"));
    log(`from ${done} in ${Deno.pid}`);
    while (done < params.count) {
      if (signal.aborted) {
        await Deno.writeTextFile(`${scratch}/done`, String(done));
        throw signal.reason;
      }
      await new Promise((resolve) => setTimeout(resolve, params.milliseconds));
      progress({ done: ++done, total: params.count });
    }
    await Deno.writeTextFile(out.text, "x".repeat(done));
  },
  /** Reports as often as it can. */
  async flood({ params, out, progress }) {
    for (let done = 1; done <= params.count; done++) progress({ done, total: params.count });
    await Deno.writeTextFile(out.text, "");
  },
  /** Never looks at the signal, and never lets anything else run. */
  deaf({ progress, log, signal, scratch }) {
    log(`deaf in ${Deno.pid}`);
    for (let done = 0; !signal.aborted; done++) progress({ done, total: Infinity });
    Deno.writeTextFileSync(`${scratch}/done`, "stopped");
    throw signal.reason;
  },
};

export default {
  revision: 1,
  inputs: { from: "text" },
  optional: ["from"],
  outputs: { text: "text" },
  resumable: true,
  seeded: true,
  ownProcess: true,
  params: {
    type: "object",
    additionalProperties: false,
    properties: {
      act: { enum: Object.keys(acts), default: "tell" },
      count: { type: "integer", default: 40 },
      milliseconds: { type: "integer", default: 20 },
      any: {},
    },
  },
  run: (context: Context) => acts[context.params.act](context),
};
