import type { Stage } from "./stage.ts";
import { stageConformance } from "./stage_conformance.ts";
import { assertMessage, createProject, steps } from "./testdata/project.ts";

const base: Stage<unknown, Record<never, never>, { text: "text" }> = {
  revision: 1,
  inputs: {},
  outputs: { text: "text" },
  params: { type: "object", additionalProperties: false },
  run: ({ out }) => Deno.writeTextFile(out.text, "x"),
};

Deno.test("stageConformance() passes a stage that keeps the contract", async () => {
  await stageConformance(base);
  await stageConformance(steps, { params: { count: 6 }, seed: 3, stopAt: [1, 2, 5] });
});

Deno.test("stageConformance() finds a stage that forgets its checkpoint", async () => {
  const forgetful: typeof base = {
    ...base,
    resumable: true,
    async run({ out, scratch, signal, progress }) {
      // It counts how often it was started, instead of how far it came.
      const started = await Deno.readTextFile(`${scratch}/text`).catch(() => "") + "x";
      await Deno.writeTextFile(`${scratch}/text`, started);
      for (let done = 1; done <= 3; done++) {
        progress({ done, total: 3 });
        signal.throwIfAborted();
      }
      await Deno.writeTextFile(out.text, started);
    },
  };
  await assertMessage(
    () => stageConformance(forgetful),
    "The stage must give the same bytes when stopped at progress event 1 and resumed: " +
      "text has other bytes",
  );
});

Deno.test("stageConformance() finds a stage that draws random numbers of its own", async () => {
  const random = {
    ...base,
    run: ({ out }: { out: { text: string } }) => Deno.writeTextFile(out.text, crypto.randomUUID()),
  };
  await assertMessage(
    () => stageConformance(random),
    "The stage must give the same bytes when run again with the same inputs: text has other bytes",
  );
});

Deno.test("stageConformance() finds a stage that writes to its input", async () => {
  await using project = await createProject({ "a.txt": "a" });
  const path = `${project.folder}/a.txt`;
  const greedy: Stage<unknown, { from: "text" }, { text: "text" }> = {
    ...base,
    inputs: { from: "text" },
    async run({ in: inputs, out }) {
      await Deno.writeTextFile(inputs.from, "b");
      await Deno.writeTextFile(out.text, "x");
    },
  };
  await assertMessage(
    () => stageConformance(greedy, { in: { from: path } }),
    `The stage has changed its input ${path}`,
  );
});

Deno.test("stageConformance() finds missing outputs and wrong parameters", async () => {
  await assertMessage(
    () => stageConformance({ ...base, run: () => Promise.resolve() }),
    `The stage wrote nothing to its output "text"`,
  );
  await assertMessage(
    () => stageConformance(base, { params: { a: 1 } }),
    `Cannot run the stage: params a unknown key "a" (none is known here)`,
  );
});
