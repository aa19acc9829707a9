import type { MemoryUse } from "@mednext/kernels";
import { estimateMemory, type MedNeXtConfig, resolveConfig } from "@mednext/mednext";
import { showBytes } from "./show_bytes.ts";

type Triple = [number, number, number];

/** What networks are about to do. */
export interface NetworkWork {
  /** One to train, or one or more to predict with, one after the other. */
  networks: MedNeXtConfig[];
  /** Voxels along D, H, W. */
  patchSize: Triple;
  /** Patches that go through a network at a time. */
  batchSize: number;
  /** Whether a network is trained. */
  training: boolean;
  /** Batches whose gradients make one step, 1 if left out: the sum of the others is held beside those of one. */
  accumulate?: number;
}

/** The side of the smallest patch, and the step from one to the next. */
const MULTIPLE = 16;

/**
 * Refuses work that cannot fit into the memory of the backend, before any of it is done.
 *
 * @param work The work.
 * @param available The backend's memory before the networks are there; without a limit everything fits.
 * @returns Bytes that the work needs.
 * @throws {RangeError} Names the patch, the batch, the bytes that are needed and those that there are, and with
 *   which settings it would fit.
 */
export function checkMemory(
  work: NetworkWork,
  available: Pick<MemoryUse, "backend" | "bytesInUse" | "limitBytes">,
): number {
  const needed = bytesOf(work);
  const { backend, bytesInUse, limitBytes } = available;
  if (limitBytes === undefined) return needed;
  const free = limitBytes - bytesInUse;
  if (needed <= free) return needed;
  const { patchSize, batchSize, training } = work;
  const patches = batchSize === 1 ? "a patch" : `${batchSize} patches`;
  throw new RangeError(
    `Cannot ${training ? "train on" : "predict"} ${patches} of ${patchSize.join(" x ")} voxels: ${
      showBytes(needed)
    } are needed, the ${backend} backend has ${showBytes(free)}; ${advice(work, free)}`,
  );
}

/** The weights of all networks, and what the hungriest needs to work. */
function bytesOf({ networks, accumulate = 1, ...options }: NetworkWork): number {
  const estimates = networks.map((network) => estimateMemory(network, options));
  const weights = estimates.reduce((sum, { weightBytes }) => sum + weightBytes, 0);
  const held = accumulate > 1 ? weights : 0;
  return weights + held + Math.max(...estimates.map((each) => each.totalBytes - each.weightBytes));
}

/** With which settings it would fit. */
function advice(work: NetworkWork, free: number): string {
  const fits = (change: Partial<NetworkWork>) => bytesOf({ ...work, ...change }) <= free;
  const patchSize = largestPatch(work.patchSize, (size) => fits({ patchSize: size }));
  const ways = patchSize === undefined ? [] : [`patchSize [${patchSize.join(", ")}]`];
  const other = work.training ? otherSettings(work).find(({ change }) => fits(change)) : undefined;
  if (other !== undefined) ways.push(other.name);
  if (ways.length > 0) return `it fits with ${ways.join(" or with ")}`;
  return "it does not fit with any patchSize; choose a smaller network";
}

/** What can be changed beside the patch, mildest first: time goes before what the training is. */
function otherSettings({ networks, batchSize, accumulate = 1 }: NetworkWork) {
  const rematerialized = networks.map((network) => ({ ...network, rematerialize: true }));
  const settings: { name: string; change: Partial<NetworkWork> }[] = [];
  const plain = networks.some((network) => !resolveConfig(network).rematerialize);
  const less = batchSize > 1;
  const time = "model.rematerialize true";
  if (plain) settings.push({ name: time, change: { networks: rematerialized } });
  // Patch after patch makes the same step as all of them at once.
  const change = { batchSize: 1, accumulate: batchSize * accumulate };
  const name = `batchSize 1, accumulate ${change.accumulate}`;
  if (less) settings.push({ name, change });
  if (plain && less) {
    settings.push({ name: `${name} and ${time}`, change: { ...change, networks: rematerialized } });
  }
  return settings;
}

/** Takes from the longest axis until it fits. */
function largestPatch(patchSize: Triple, fits: (size: Triple) => boolean): Triple | undefined {
  const size: Triple = [...patchSize];
  // One voxel at 1/16 of the resolution is no patch.
  while (Math.max(...size) > 2 * MULTIPLE) {
    size[size.indexOf(Math.max(...size))] -= MULTIPLE;
    if (fits(size)) return size;
  }
  return undefined;
}
