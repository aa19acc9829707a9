/** How products of matrices are computed: in float32, or of factors that are rounded to half the bits. */
export type Precision = "float32" | "mixed";
