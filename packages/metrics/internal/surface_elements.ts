import type { Triple } from "../grid.ts";

/** The elements that make the surface of a mask. */
export interface SurfaceElements {
  /** 1 where there is an element. */
  sites: Uint8Array;
  /** Where the elements are. */
  indices: Int32Array;
  /** What each of them counts, in the same order. */
  weights: Float64Array;
}

/** The cells of 2x2x2 voxels that hold both kinds, each weighted by its area. */
export function surfels(mask: Uint8Array, shape: Triple, areas: Float64Array): SurfaceElements {
  const codes = neighbourhoodCodes(mask, shape);
  const indices = indicesWhere(codes, (code) => code !== 0 && code !== 255);
  const sites = new Uint8Array(mask.length);
  for (const index of indices) sites[index] = 1;
  return { sites, indices, weights: Float64Array.from(indices, (index) => areas[codes[index]]) };
}

/**
 * The code of the cell whose last corner is at each voxel. The mask has an empty voxel on each side, so
 * that no cell of the first slice, row or column holds anything.
 */
function neighbourhoodCodes(mask: Uint8Array, [depth, height, width]: Triple): Uint8Array {
  const codes = new Uint8Array(mask.length);
  const slice = height * width;
  for (let z = 1; z < depth; z++) {
    for (let y = 1; y < height; y++) {
      let at = (z * height + y) * width + 1;
      // The four voxels of the cell at x - 1 are carried along: bits 7, 5, 3, 1 of the next code.
      let before = 0;
      for (let x = 1; x < width; x++, at++) {
        const here = mask[at - slice - width] << 6 | mask[at - slice] << 4 |
          mask[at - width] << 2 | mask[at];
        codes[at] = before << 1 | here;
        before = here;
      }
    }
  }
  return codes;
}

/** The voxels of a mask that have a neighbour across a face that is not in the mask. */
export function borderVoxels(mask: Uint8Array, [, height, width]: Triple): SurfaceElements {
  const slice = height * width;
  const sites = new Uint8Array(mask.length);
  for (let i = slice; i < mask.length - slice; i++) {
    if (mask[i] === 0) continue;
    const inside = mask[i - 1] & mask[i + 1] & mask[i - width] & mask[i + width] &
      mask[i - slice] & mask[i + slice];
    sites[i] = 1 - inside;
  }
  const indices = indicesWhere(sites, (site) => site === 1);
  return { sites, indices, weights: new Float64Array(indices.length).fill(1) };
}

function indicesWhere(data: Uint8Array, wanted: (value: number) => boolean): Int32Array {
  let count = 0;
  for (let i = 0; i < data.length; i++) if (wanted(data[i])) count++;
  const indices = new Int32Array(count);
  for (let i = 0, next = 0; i < data.length; i++) if (wanted(data[i])) indices[next++] = i;
  return indices;
}
