import type { BoundInstance, Origin } from "../graph/bind.ts";
import type { Digest } from "./digest.ts";
import { type KeyFields, keyOf } from "./key.ts";
import type { Lock } from "./lock.ts";
import type { Plan } from "./plan.ts";
import type { RunRecord, Store } from "./store.ts";
import { why } from "./why.ts";

/** Where an instance stands. */
export interface Inspection {
  /** Its key and what the key was made from. */
  readonly key: string;
  readonly fields: KeyFields;
  /** `fresh`: as the lock file says. `restored`: in the run cache. `stale`: has to run. */
  readonly state: "fresh" | "restored" | "stale";
  /** Output port -> digest, unless stale. */
  readonly out?: Readonly<Record<string, Digest>>;
  /** The numbers of the finished run, unless stale. */
  readonly metrics?: Readonly<Record<string, number>>;
  /** Why it has to run. */
  readonly reason?: string;
}

/** The digests of the inputs of an instance, by port. */
export type InputDigests = Readonly<Record<string, readonly Digest[]>>;

/** Looks up what each input of an instance comes from, by port and in order. */
export async function mapInputs<T>(
  { inputs }: BoundInstance,
  look: (origin: Origin) => Promise<T>,
): Promise<Record<string, T[]>> {
  const found: Record<string, T[]> = {};
  for (const [port, { from }] of Object.entries(inputs)) {
    found[port] = await Promise.all(from.map(look));
  }
  return found;
}

/** What an instance's result depends on. */
export function keyFields(instance: BoundInstance, plan: Plan, inputs: InputDigests): KeyFields {
  const { stage, identity, source } = plan.stages.get(instance.stage)!;
  const { neutral = [] } = stage;
  const counted = Object.entries(instance.with).filter(([name]) => !neutral.includes(name));
  return {
    format: 1,
    uses: identity,
    revision: stage.revision,
    ...(source === undefined ? {} : { source }),
    with: Object.fromEntries(counted),
    ...(stage.seeded ? { seed: plan.pipeline.spec.seed } : {}),
    in: inputs,
  };
}

/**
 * Finds out whether an instance has to run.
 *
 * @param fields What its result depends on.
 * @param options The instance's name, the store and the lock file.
 * @returns Where it stands.
 */
export async function inspect(
  fields: KeyFields,
  { id, store, lock }: { id: string; store: Store; lock: Lock },
): Promise<Inspection> {
  const key = keyOf(fields);
  const entry = lock.get(id);
  let damage: string | undefined;
  if (entry?.key === key) {
    damage = await findDamage(entry.out, store);
    if (damage === undefined) {
      return { key, fields, state: "fresh", out: entry.out, metrics: entry.metrics ?? {} };
    }
  }
  const record: RunRecord | undefined = await store.readRun(key);
  if (record !== undefined) {
    const found = await findDamage(record.out, store);
    if (found === undefined) {
      return { key, fields, state: "restored", out: record.out, metrics: record.metrics };
    }
    damage ??= found;
  }
  const reason = damage ?? (entry === undefined ? "never run" : why(entry, fields) ?? "never run");
  return { key, fields, state: "stale", reason };
}

async function findDamage(out: Readonly<Record<string, Digest>>, store: Store) {
  for (const [port, digest] of Object.entries(out)) {
    const state = await store.verify(digest);
    if (state !== "there") return `output "${port}" is ${state} in the store`;
  }
}
