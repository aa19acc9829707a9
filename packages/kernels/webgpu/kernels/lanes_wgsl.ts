/** Columns of a workgroup, which lie side by side in memory, and how many of its invocations share each. */
const COLUMNS = 16;
const LANES = 16;

/**
 * Sums over many parts of few columns: the parts of a column are shared out to lanes, whose sums are then added. One
 * invocation for a column would wait for one value after the other, and most of the device for it.
 */
export const LANES_WGSL = `
const LANES = ${LANES}u;
var<workgroup> laneSums: array<f32, ${COLUMNS * LANES}>;
/** The sum over the lanes of a column, in their order, for all of them; each invocation must come here. */
fn sum_lanes(local: u32, value: f32) -> f32 {
  // Until the sum before has been read.
  workgroupBarrier();
  laneSums[local] = value;
  workgroupBarrier();
  var sum = 0.0;
  for (var i = local % ${COLUMNS}u; i < ${
  COLUMNS * LANES
}u; i += ${COLUMNS}u) { sum += laneSums[i]; }
  return sum;
}
`;

/** `column` and `lane` of an invocation. */
export const LANE_WGSL = `
  let column = group * ${COLUMNS}u + local % ${COLUMNS}u;
  let lane = local / ${COLUMNS}u;`;

/** The workgroups for a number of columns. */
export function laneGroups(columns: number): { workgroups: number; workgroupSize: number } {
  return { workgroups: Math.ceil(columns / COLUMNS), workgroupSize: COLUMNS * LANES };
}
