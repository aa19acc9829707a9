import type { Triple } from "./grid.ts";
import type { MetricRecord } from "./metric_record.ts";

/** How one label of one case came out. Plain data that survives JSON unchanged. */
export interface LabelEvaluation {
  /** The name of the label or region. */
  name: string;
  /** The values that it is made of. */
  values: number[];
  /** Voxels in both masks. */
  truePositives: number;
  /** Voxels in the prediction only. */
  falsePositives: number;
  /** Voxels in the reference only. */
  falseNegatives: number;
  /** Voxels in neither. */
  trueNegatives: number;
  /** Volume of the reference in millilitres. */
  referenceMl: number;
  /** Volume of the prediction in millilitres. */
  predictionMl: number;
  /** The metrics, in the order in which they were asked for. */
  metrics: MetricRecord[];
}

/** How one case came out. Plain data that survives JSON unchanged. */
export interface CaseEvaluation {
  /** The name of the case. */
  id: string;
  /** Voxels along D, H, W. */
  shape: Triple;
  /** Millimetres along D, H, W (z, y, x). */
  spacing: Triple;
  /** One entry for each label, in the order in which they were given. */
  labels: LabelEvaluation[];
}
