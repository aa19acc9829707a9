import type { Matmul } from "./matmul.ts";
import type { Tile } from "./matmul_tile.ts";

type Along = Pick<Matmul, "leftAlong" | "rightAlong">;

/**
 * How many vectors after one depth of a tile the next one begins. Where neighbours write depths, one more than there are:
 * else all would write into the same bank of the workgroup's memory, one after the other.
 */
export function stridesOf(
  { rows, columns }: Tile,
  { leftAlong = "k", rightAlong = "column" }: Along,
): { left: number; right: number } {
  return {
    left: rows / 4 + (leftAlong === "k" ? 1 : 0),
    right: columns / 4 + (rightAlong === "k" ? 1 : 0),
  };
}

/** What a workgroup does for one tile of a product. */
export function matmulBody(tile: Tile, along: Along): string {
  const { leftAlong = "k", rightAlong = "column" } = along;
  const { left, right } = stridesOf(tile, along);
  const [down, across] = [tile.rows / 4, tile.columns / 4];
  /** Which row or column and which depth an invocation loads: neighbours load what lies side by side. */
  const place = (count: number, alongDepth: boolean) =>
    alongDepth
      ? `let k = i % ${tile.depth}u; let q = i / ${tile.depth}u;`
      : `let k = i / ${count}u; let q = i % ${count}u;`;
  return `
  let firstColumn = group % p.columnTiles * ${tile.columns}u;
  let firstRow = group / p.columnTiles % p.rowTiles * ${tile.rows}u;
  let part = group / (p.columnTiles * p.rowTiles);
  let end = min(p.depth, (part + 1) * p.partDepth);
  let tx = local % ${across}u;
  let ty = local / ${across}u;
  var sum0 = vec4f(0); var sum1 = vec4f(0); var sum2 = vec4f(0); var sum3 = vec4f(0);
  for (var start = part * p.partDepth; start < end; start += ${tile.depth}u) {
    for (var i = local; i < ${tile.depth * down}u; i += ${down * across}u) {
      ${place(down, leftAlong === "k")}
      let row = firstRow + q * 4;
      leftTile[k * ${left}u + q] = Factors(${four((i) => `left_at(row + ${i}, start + k, end)`)});
    }
    for (var i = local; i < ${tile.depth * across}u; i += ${down * across}u) {
      ${place(across, rightAlong === "k")}
      let column = firstColumn + q * 4;
      rightTile[k * ${right}u + q] = Factors(${
    four((i) => `right_at(start + k, column + ${i}, end)`)
  });
    }
    workgroupBarrier();
    for (var k = 0u; k < ${tile.depth}u; k++) {
      let a = vec4f(leftTile[k * ${left}u + ty]);
      let b = vec4f(rightTile[k * ${right}u + tx]);
      ${outerProduct("sum")}
    }
    workgroupBarrier();
  }
  let row = firstRow + ty * 4;
  let column = firstColumn + tx * 4;
  ${eachOf((i, j) => `store(row + ${i}, column + ${j}, sum${i}[${j}], part);`)}`;
}

/** Four values of consecutive numbers as a vector. */
export function four(at: (i: number) => string): string {
  return `vec4f(${[0, 1, 2, 3].map(at).join(", ")})`;
}

/** Adds `a`, four rows, times `b`, four columns, to sixteen sums. */
export function outerProduct(sum: string): string {
  return ["x", "y", "z", "w"].map((axis, i) => `${sum}${i} = fma(vec4f(a.${axis}), b, ${sum}${i});`)
    .join("\n      ");
}

/** A statement for each of sixteen sums. */
export function eachOf(statement: (i: number, j: number) => string): string {
  const numbers = [0, 1, 2, 3];
  return numbers.flatMap((i) => numbers.map((j) => statement(i, j))).join("\n  ");
}
