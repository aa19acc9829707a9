import type { Arguments } from "./arguments.ts";
import { outcomeOf } from "./compare.ts";
import { type Machine, slug } from "./machine.ts";
import type { Measurement } from "./measurement.ts";
import { summarize, type Summary } from "./summary.ts";
import { CLASSES, INPUT_CHANNELS, type Work } from "./works.ts";

/** A work and all that was measured of it. */
export interface Compared {
  readonly work: Work;
  readonly measurements: readonly Measurement[];
}

/** What is written to a file, as JSON. */
export interface Results {
  readonly date: string;
  readonly commit?: string;
  readonly machine: Machine;
  /** Versions, and what each side computes with. */
  readonly ours: Readonly<Record<string, string | number | boolean>>;
  readonly pytorch: Readonly<Record<string, string | number | boolean>>;
  readonly threads: number;
  readonly repeats: number;
  readonly batch: 1;
  readonly inputChannels: number;
  readonly classes: number;
  /** A training step is forward, loss and gradients. */
  readonly optimizer: "none on either side";
  readonly works: readonly (Work & { summary?: Summary; measurements: readonly Measurement[] })[];
}

/** Puts the measurements together with what they were made on. */
export function makeResults(
  compared: readonly Compared[],
  context: { date: string; commit?: string; machine: Machine; threads: number; repeats: number },
): Results {
  const all = compared.flatMap(({ measurements }) => measurements);
  return {
    ...context,
    ours: outcomeOf(all, "ours")?.about ?? {},
    pytorch: outcomeOf(all, "pytorch")?.about ?? {},
    batch: 1,
    inputChannels: INPUT_CHANNELS,
    classes: CLASSES,
    optimizer: "none on either side",
    works: compared.map(({ work, measurements }) => ({
      ...work,
      summary: summarize(measurements),
      measurements,
    })),
  };
}

/** The name of the file: a run that is not whole says so, and does not take the place of one that is. */
export function resultsName(
  { date, machine }: Pick<Results, "date" | "machine">,
  { quick, plain, only }: Pick<Arguments, "quick" | "plain" | "only">,
): string {
  const part = (plain ? "-plain" : "") + (quick ? "-quick" : only.length > 0 ? "-partial" : "");
  return `${date.slice(0, 10)}-${slug(machine.cpu)}${part}.json`;
}

/** Writes the results; the file appears whole. */
export async function writeResults(path: string, results: Results): Promise<void> {
  const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/") + 1) : "./";
  await Deno.mkdir(folder, { recursive: true });
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  await Deno.writeTextFile(temporary, `${JSON.stringify(results, null, 2)}\n`);
  await Deno.rename(temporary, path);
}
