/** What is timed: one pass of a network over one image, or one step of its training. */
export interface Work {
  /** Its name for `--only` and in the results. */
  readonly id: string;
  /** A forward pass for inference, or forward with all five heads, loss and the gradients of all parameters. */
  readonly kind: "forward" | "train";
  /** Which network of the paper. */
  readonly size: "S" | "B" | "M" | "L";
  /** Of its depthwise kernels. */
  readonly kernelSize: number;
  /** Voxels along each of the three axes of the image. */
  readonly voxels: number;
  /** How often it is timed in one process, after one pass that is not; the median counts. */
  readonly iterations: number;
}

/** What both sides have in common: the batch is one image with one channel. */
export const INPUT_CHANNELS = 1;
/** The background and two more. */
export const CLASSES = 3;

const work = (
  size: Work["size"],
  kernelSize: number,
  kind: Work["kind"],
  voxels: number,
  iterations: number,
): Work => ({
  id: `${size.toLowerCase()}-k${kernelSize}-${kind}-${voxels}`,
  kind,
  size,
  kernelSize,
  voxels,
  iterations,
});

/** The works of a whole run. The slow ones are timed less often. */
export const WORKS: readonly Work[] = [
  work("S", 3, "forward", 64, 5),
  work("S", 5, "forward", 64, 5),
  work("L", 5, "forward", 64, 3),
  work("S", 3, "forward", 128, 3),
  work("S", 3, "train", 64, 3),
  work("S", 5, "train", 64, 3),
  work("S", 3, "train", 96, 2),
];

/** The smallest image that a MedNeXt takes, to see that everything runs: too small to tell anything about speed. */
export const QUICK_WORKS: readonly Work[] = [
  work("S", 3, "forward", 32, 2),
  work("L", 5, "forward", 32, 1),
  work("S", 3, "train", 32, 2),
];

/**
 * The works whose name holds one of some texts.
 *
 * @param works Among which.
 * @param only The texts; none means all works.
 * @throws {RangeError} If a text is in no name.
 */
export function selectWorks(works: readonly Work[], only: readonly string[]): Work[] {
  for (const text of only) {
    if (!works.some(({ id }) => id.includes(text))) {
      throw new RangeError(
        `Cannot select works by --only ${JSON.stringify(text)}: expected a part of one of ${
          works.map(({ id }) => id).join(", ")
        }`,
      );
    }
  }
  return works.filter(({ id }) => only.length === 0 || only.some((text) => id.includes(text)));
}

/** A work in words. */
export function describeWork({ size, kernelSize, kind, voxels }: Work): string {
  return `${size} k${kernelSize} ${kind === "train" ? "training step" : "forward"} ${voxels}³`;
}
