/** What the numbers were measured on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly os: string;
}

/** The model of the processor from the text of `/proc/cpuinfo`; not every processor names itself there. */
export function cpuName(cpuinfo: string): string {
  const model = /^model name\s*:\s*(.+)$/m.exec(cpuinfo)?.[1];
  const family = /^cpu family\s*:\s*(.+)$/m.exec(cpuinfo)?.[1];
  const part = /^CPU part\s*:\s*(.+)$/m.exec(cpuinfo)?.[1];
  return (model ?? (part && `ARM part ${part}`) ?? (family && `family ${family}`) ?? "unknown")
    .trim();
}

/** A name as a part of a file's name: `AMD EPYC 7B13 (Zen)` becomes `amd-epyc-7b13-zen`. */
export function slug(name: string): string {
  return name.toLowerCase().replace(/\((r|tm)\)/g, "").replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

/** This machine. */
export async function thisMachine(): Promise<Machine> {
  return {
    cpu: cpuName(await Deno.readTextFile("/proc/cpuinfo")),
    cores: navigator.hardwareConcurrency,
    memoryBytes: Deno.systemMemoryInfo().total,
    os: `${Deno.build.os} ${Deno.osRelease()} ${Deno.build.arch}`,
  };
}

/** The memory that this process has held at most, in bytes, from the text of `/proc/self/status`. */
export function peakBytes(status: string): number {
  const kibibytes = /^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1];
  if (kibibytes === undefined) {
    throw new Error("Cannot read the peak memory: /proc/self/status has no line VmHWM");
  }
  return Number(kibibytes) * 1024;
}
