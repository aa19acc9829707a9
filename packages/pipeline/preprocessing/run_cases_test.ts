import { assertEquals, assertRejects } from "@std/assert";
import type { CaseWorker } from "./case_worker.ts";
import { runCases } from "./run_cases.ts";

interface Job {
  entry: { id: string };
  bytes: number;
}

function jobsOf(bytes: number[]): Job[] {
  return bytes.map((bytes, i) => ({ entry: { id: `${i}` }, bytes }));
}

/** Workers whose cases take some turns of the event loop, and what happened to them. */
function observed(run: (job: Job) => Promise<void> = () => turns(3)) {
  const seen = { begun: [] as string[], done: [] as string[], open: 0, busy: 0, most: 0, bytes: 0 };
  const createWorker = (): CaseWorker<Job, undefined> => {
    seen.open++;
    return {
      async run(job) {
        const { bytes } = job;
        seen.begun.push(job.entry.id);
        seen.most = Math.max(seen.most, ++seen.busy);
        seen.bytes += bytes;
        if (seen.busy > 1 && seen.bytes > 100) throw new Error("too much at a time");
        await run(job);
        seen.busy--;
        seen.bytes -= bytes;
        return undefined;
      },
      close() {
        seen.open--;
        return Promise.resolve();
      },
    };
  };
  const onDone = ({ entry }: Job) => {
    seen.done.push(entry.id);
    return Promise.resolve();
  };
  return { seen, options: { maxBytes: 100, createWorker, onDone } };
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setTimeout(resolve));
}

const signal = new AbortController().signal;

Deno.test("runCases() works on several cases at a time within the memory, and on a larger one alone", async () => {
  const { seen, options } = observed();
  const jobs = jobsOf([60, 60, 20, 20, 500, 40, 0, 100, 30]);
  await runCases(jobs, { ...options, workers: 3, signal });
  assertEquals(seen.begun, jobs.map(({ entry }) => entry.id));
  assertEquals(seen.done.toSorted(), seen.begun);
  assertEquals([seen.most, seen.open], [3, 0]);
});

Deno.test("runCases() starts no more workers than cases", async () => {
  let made = 0;
  const { options } = observed();
  const createWorker = () => {
    made++;
    return options.createWorker();
  };
  await runCases(jobsOf([1, 1]), { ...options, createWorker, workers: 8, signal });
  await runCases([], { ...options, createWorker, workers: 8, signal });
  assertEquals(made, 2);
});

Deno.test("runCases() leaves no worker and begins nothing more when one fails or it is aborted", async () => {
  const failing = observed(async ({ entry }) => {
    await turns(1);
    if (entry.id === "1") throw new Error("the disk is full");
  });
  const jobs = jobsOf(Array(9).fill(30));
  await assertRejects(
    () => runCases(jobs, { ...failing.options, workers: 3, signal }),
    Error,
    "the disk is full",
  );
  const begun = failing.seen.begun.length;
  await turns(9);
  assertEquals([failing.seen.begun.length, failing.seen.open], [begun, 0]);

  const controller = new AbortController();
  const stopped = observed();
  const onDone = (job: Job) => {
    if (stopped.seen.done.length === 1) controller.abort(new Error("stop"));
    return stopped.options.onDone(job);
  };
  await assertRejects(
    () => runCases(jobs, { ...stopped.options, onDone, workers: 2, signal: controller.signal }),
    Error,
    "stop",
  );
  const { length } = stopped.seen.done;
  await turns(9);
  assertEquals([stopped.seen.done.length, stopped.seen.open], [length, 0]);
});

Deno.test("runCases() finishes what it does with a case that is done before it stops", async () => {
  const controller = new AbortController();
  const { options } = observed();
  const seen: string[] = [];
  const onDone = async ({ entry: { id } }: Job) => {
    seen.push(`begin ${id}`);
    if (id === "1") controller.abort(new Error("stop"));
    else await turns(9);
    seen.push(`end ${id}`);
  };
  const running = runCases(jobsOf([1, 1]), {
    ...options,
    onDone,
    workers: 2,
    signal: controller.signal,
  });
  await assertRejects(() => running, Error, "stop");
  assertEquals(seen, ["begin 0", "begin 1", "end 1", "end 0"]);
});

Deno.test("runCases() stops at once when it is aborted in the middle of a case", async () => {
  const controller = new AbortController();
  const { seen, options } = observed(() => new Promise(() => {}));
  const running = runCases(jobsOf([1, 1, 1]), {
    ...options,
    workers: 2,
    signal: controller.signal,
  });
  await turns(2);
  controller.abort(new Error("stop"));
  await assertRejects(() => running, Error, "stop");
  assertEquals([seen.done, seen.open], [[], 0]);
});
