/** Named arrays: what is written to and read from files. Shapes and layouts are those of the writer. */
export type StateDict = Map<string, { shape: number[]; data: Float32Array }>;
