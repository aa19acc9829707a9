import { join } from "@std/path";
import { upstreamOf } from "../graph/order.ts";
import type { Digest } from "./digest.ts";
import { disk } from "./file_system.ts";
import { inspect, keyFields, mapInputs } from "./inspect.ts";
import { openLock } from "./lock.ts";
import { type Plan, selectTargets } from "./plan.ts";
import { createSources } from "./sources.ts";
import { openStore } from "./store.ts";

/** Where an instance stands. */
export interface InstanceStatus {
  readonly id: string;
  /** `waiting`: what it reads has to run first, so it may turn out to be up to date. */
  readonly state: "fresh" | "restored" | "stale" | "waiting" | "frozen";
  /** Why it is not fresh. */
  readonly reason?: string;
}

/**
 * Finds out what would run, without running anything.
 *
 * @param plan The plan.
 * @param targets Stages or instances; none means all.
 * @returns Where each instance stands, in order.
 */
export async function statusOf(
  plan: Plan,
  targets: readonly string[] = [],
): Promise<InstanceStatus[]> {
  const folder = join(plan.pipeline.folder, ".mednext");
  const store = await openStore(folder, disk);
  const lock = await openLock(plan.pipeline, { files: disk, store: folder });
  const findSource = createSources(plan.pipeline, store.cache);
  const known = new Map<string, Readonly<Record<string, Digest>>>();
  const statuses: InstanceStatus[] = [];
  for (const instance of selectTargets(plan, targets)) {
    const { id } = instance;
    if (plan.pipeline.spec.stages[instance.stage].run.frozen) {
      known.set(id, lock.get(id)?.out ?? {});
      statuses.push({ id, state: "frozen" });
      continue;
    }
    const open = upstreamOf(instance).filter((upstream) => !known.has(upstream));
    if (open.length > 0) {
      statuses.push({ id, state: "waiting", reason: `after ${open.join(", ")}` });
      continue;
    }
    const digests = await mapInputs(
      instance,
      async (origin) =>
        "source" in origin
          ? (await findSource(origin.source)).digest
          : known.get(origin.instance)![origin.port],
    );
    const fields = keyFields(instance, plan, digests);
    const { state, out, reason } = await inspect(fields, { id, store, lock });
    if (out !== undefined) known.set(id, out);
    statuses.push({ id, state, ...(reason === undefined ? {} : { reason }) });
  }
  return statuses;
}
