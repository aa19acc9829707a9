/** How products of matrices are computed in forward passes: in float32, or of factors that are rounded to float16. */
export type Precision = "float32" | "mixed";
