/** Whether a voxel counts, as a statement that leaves it out if not. */
export function skipIgnored(ignored: number | undefined, otherwise: string): string {
  return ignored === undefined ? "" : `if (labels[row] == ${Math.trunc(ignored)}) { ${otherwise} }`;
}
