/** PyTorch's memory layouts; ours has one. */
export const LAYOUTS = ["contiguous", "channels_last_3d"] as const;

/** How PyTorch lays out its tensors. */
export type Layout = (typeof LAYOUTS)[number];

/** Who is measured. */
export type Side = { readonly side: "ours" } | {
  readonly side: "pytorch";
  readonly layout: Layout;
};

/** What a process tells about the work that it did. */
export interface Outcome {
  /** Of each timed pass. */
  readonly seconds: readonly number[];
  /** The most memory that the process has held: VmHWM of `/proc/self/status`. */
  readonly peakBytes: number;
  /** Of this the most that tensors and scratch took, where the side counts it: ours does. */
  readonly backendBytes?: number;
  /** Of the network. */
  readonly parameters: number;
  /** Some numbers of the result, to compare the sides by: 16 logits, or the loss and the norm of the gradient. */
  readonly digest: readonly number[];
  /** Versions, and what the side computes with. */
  readonly about: Readonly<Record<string, string | number | boolean>>;
}

/** One process that was measured, or why it failed. */
export type Measurement =
  & Side
  & { readonly repeat: number }
  & ({ readonly outcome: Outcome } | { readonly error: string });
