/** A structure to evaluate: one label, or a region that several labels make together. */
export interface LabelDefinition {
  /** What it is called in the results. */
  name: string;
  /** The values in the label maps that belong to it. */
  values: readonly number[];
}
