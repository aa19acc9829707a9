import { join } from "@std/path";

/** What is taken for free where the machine does not say. */
const UNKNOWN = 2 ** 32;

/** Where Linux tells the limits of a container: version 2 of control groups, then version 1. */
const GROUPS = [
  { limit: "memory.max", usage: "memory.current", stat: "memory.stat" },
  {
    limit: "memory/memory.limit_in_bytes",
    usage: "memory/memory.usage_in_bytes",
    stat: "memory/memory.stat",
  },
];

/**
 * Bytes of memory that are free: those of the machine, or fewer in a container with a limit. Nothing is asked of the
 * user: what may not be known is taken as 4 GiB.
 *
 * @param root Folder of the control groups.
 */
export function freeMemory(root = "/sys/fs/cgroup"): number {
  const permission = { name: "sys", kind: "systemMemoryInfo" } as const;
  const isKnown = Deno.permissions.querySync(permission).state === "granted";
  const machine = isKnown ? Deno.systemMemoryInfo().available : UNKNOWN;
  const isReadable = Deno.permissions.querySync({ name: "read", path: root }).state === "granted";
  return isReadable ? Math.min(machine, ...GROUPS.map((group) => freeIn(root, group))) : machine;
}

/** What a control group leaves; files in the cache, which give way, do not count as used. */
function freeIn(root: string, { limit, usage, stat }: typeof GROUPS[number]): number {
  try {
    const read = (name: string) => Deno.readTextFileSync(join(root, name));
    const most = Number(read(limit));
    const cached = Number(/^(?:total_)?inactive_file (\d+)$/m.exec(read(stat))?.[1] ?? 0);
    const left = most - Number(read(usage)) + cached;
    return Number.isFinite(left) ? Math.max(0, left) : Infinity;
  } catch {
    return Infinity;
  }
}
