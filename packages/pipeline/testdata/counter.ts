/** A stage for tests of the command line: counts slowly, can be stopped. It imports nothing. */
interface Context {
  params: { count: number; milliseconds: number };
  out: { text: string };
  scratch: string;
  signal: AbortSignal;
  progress(event: { done: number; total: number; unit: string; message: string }): void;
  log(line: string): void;
  summarize(values: Record<string, number>): void;
}

export default {
  revision: 1,
  inputs: {},
  outputs: { text: "text" },
  resumable: true,
  params: {
    type: "object",
    additionalProperties: false,
    properties: {
      count: { type: "integer", minimum: 1, default: 3 },
      milliseconds: { type: "integer", minimum: 0, default: 0 },
    },
  },
  async run({ params, out, scratch, signal, progress, log, summarize }: Context) {
    let done = Number(await Deno.readTextFile(`${scratch}/done`).catch(() => "0"));
    log(`from ${done}`);
    while (done < params.count) {
      if (signal.aborted) {
        await Deno.writeTextFile(`${scratch}/done`, String(done));
        throw signal.reason;
      }
      await new Promise((resolve) => setTimeout(resolve, params.milliseconds));
      done++;
      progress({ done, total: params.count, unit: "steps", message: `loss ${1 / done}` });
    }
    await Deno.writeTextFile(out.text, "x".repeat(done));
    summarize({ done });
  },
};
