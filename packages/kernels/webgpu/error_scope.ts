/** How Deno prints a promise without an error, and one that is not settled. */
const SILENT = ["Promise { null }"];

/** The kinds of errors that WebGPU reports. */
const FILTERS: GPUErrorFilter[] = ["validation", "out-of-memory", "internal"];

/** From here on, errors of the device are kept for {@linkcode closeScopes}. */
export function openScopes(device: GPUDevice): void {
  for (const filter of FILTERS) device.pushErrorScope(filter);
}

/**
 * The first error since {@linkcode openScopes}, without waiting for it: a kernel that TensorFlow.js runs cannot wait. Deno
 * carries out each command before it goes on, so its promise of an error is settled when it is returned; and
 * its way to print a promise tells of what.
 *
 * @returns The message; undefined where there is no error.
 */
export function closeScopes(device: GPUDevice): string | undefined {
  const found = FILTERS.map(() => messageIn(device.popErrorScope()));
  return found.find((message) => message !== undefined);
}

function messageIn(error: Promise<GPUError | null>): string | undefined {
  const text = Deno.inspect(error, { strAbbreviateSize: 10_000 });
  if (SILENT.includes(text)) return undefined;
  const quoted = text.slice(text.indexOf("message:") + "message:".length).split("\n")
    .map((line) => line.trim().match(/^(["'`])(.*)\1(?: \+)?$/)?.[2] ?? "");
  return quoted.join("").replaceAll("\\n", "\n").trim() || text;
}
