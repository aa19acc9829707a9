import type { DiceConvention, HausdorffConvention, SurfaceDiceConvention } from "./conventions.ts";
import type { EmptyOption } from "./empty_rule.ts";

/** A metric that is to be computed, with everything that its value depends on. */
export type MetricSpec =
  & (
    | { metric: "dice"; convention: DiceConvention }
    | { metric: "nsd"; convention: SurfaceDiceConvention; tolerance: number }
    | { metric: "hd95"; convention: HausdorffConvention; percentile?: 95 }
    | { metric: "hausdorff"; convention: HausdorffConvention; percentile: number }
  )
  & { empty?: EmptyOption };
