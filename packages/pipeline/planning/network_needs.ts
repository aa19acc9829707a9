/**
 * What the networks of the paper would need for a plan.
 * @module
 */
import { type Plan, planPatch, type Triple } from "@mednext/data";
import {
  estimateMemory,
  flopCount,
  type MedNeXtConfig,
  type MedNeXtSize,
  resolveConfig,
} from "@mednext/mednext";

/** The sizes and the kernels that the paper trains. */
const SIZES: readonly MedNeXtSize[] = ["S", "B", "M", "L"];
export const KERNELS: readonly number[] = [3, 5];

/** What one network would need. All of it follows from the settings; nothing is measured. */
export interface NetworkNeeds {
  size: MedNeXtSize;
  kernelSize: number;
  /** Bytes of a training step on the plan's batch. */
  bytes: number;
  /** Floating point operations of that step, see {@linkcode trainingFlops}. */
  flops: number;
  /** What would be planned for this network; nothing if not even the smallest patch fits. */
  own?: { patchSize: Triple; batchSize: number };
}

/** What each size with each kernel would need in place of the network that a plan was made for. */
export function networkNeeds(
  plan: Plan,
  { network, cases }: { network: MedNeXtConfig; cases: number },
): NetworkNeeds[] {
  return SIZES.flatMap((size) =>
    KERNELS.map((kernelSize) => {
      const other = sized(network, { size, kernelSize });
      return {
        size,
        kernelSize,
        bytes: trainingBytes(other, plan.patchSize, plan.batchSize),
        flops: trainingFlops(other, plan.patchSize, plan.batchSize),
        own: ownPatch(other, plan, cases),
      };
    })
  );
}

/** The network in another size; ratios, counts and kernels of its own go. */
export function sized(
  network: MedNeXtConfig,
  size: { size: MedNeXtSize; kernelSize: number },
): MedNeXtConfig {
  return {
    ...network,
    ...size,
    expansionRatios: undefined,
    blockCounts: undefined,
    encoderKernelSize: undefined,
    decoderKernelSize: undefined,
  };
}

/** The bytes of a training step. */
export function trainingBytes(
  network: MedNeXtConfig,
  patchSize: Triple,
  batchSize: number,
): number {
  return estimateMemory(network, { patchSize, batchSize, training: true }).totalBytes;
}

/**
 * The floating point operations of the convolutions in a training step: the way back is twice the way forward, which
 * rematerialisation goes a second time.
 */
export function trainingFlops(
  network: MedNeXtConfig,
  patchSize: Triple,
  batchSize: number,
): number {
  const { total } = flopCount(network, { patchSize, batchSize });
  return total * (resolveConfig(network).rematerialize ? 4 : 3);
}

function ownPatch(network: MedNeXtConfig, plan: Plan, cases: number): NetworkNeeds["own"] {
  try {
    const { patchSize, batchSize } = planPatch({
      spacing: plan.spacing,
      medianShape: plan.medianShape,
      cases,
      budgetBytes: plan.memory.budgetBytes,
      memoryOf: (patch, batch) => trainingBytes(network, patch, batch),
    });
    return { patchSize, batchSize };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
