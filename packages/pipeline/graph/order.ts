import type { BoundInstance } from "./bind.ts";
import type { Pipeline } from "./parse.ts";
import { PipelineError } from "./problem.ts";

/** The instances that an instance reads from, without repetition. */
export function upstreamOf(instance: BoundInstance): string[] {
  const ids = Object.values(instance.inputs).flatMap(({ from }) =>
    from.flatMap((origin) => "instance" in origin ? [origin.instance] : [])
  );
  return [...new Set(ids)];
}

/**
 * Orders the instances so that each comes after everything it reads from; apart from that the order
 * of the file is kept.
 *
 * @param pipeline The checked pipeline, for messages.
 * @param instances The bound instances.
 * @returns The same instances in order.
 * @throws {PipelineError} If they form a cycle.
 */
export function order(pipeline: Pipeline, instances: readonly BoundInstance[]): BoundInstance[] {
  const byId = new Map(instances.map((instance) => [instance.id, instance]));
  const done = new Set<string>();
  const ordered: BoundInstance[] = [];
  const visit = (instance: BoundInstance, trail: readonly string[]) => {
    if (done.has(instance.id)) return;
    const start = trail.indexOf(instance.id);
    if (start >= 0) {
      const cycle = [...trail.slice(start), instance.id].join(" -> ");
      const path = ["stages", instance.stage, "in"];
      throw new PipelineError("order", pipeline.origin, [{ path, text: `cycle ${cycle}` }]);
    }
    for (const id of upstreamOf(instance)) visit(byId.get(id)!, [...trail, instance.id]);
    done.add(instance.id);
    ordered.push(instance);
  };
  for (const instance of instances) visit(instance, []);
  return ordered;
}
