/** The eight voxels around a place; which is the upper one along D, H, W is in bits 2, 1, 0. */
export interface Vote {
  /** Where, along D, H, W. */
  place: Float64Array;
  /** The voxels' labels. */
  labels: Int32Array;
  /** The voxels' weights. */
  weights: Float64Array;
}

/** Room for a vote, to be used over and over. */
export function createVote(): Vote {
  return {
    place: new Float64Array(3),
    labels: new Int32Array(8),
    weights: new Float64Array(8),
  };
}

/** Weights that differ by less are equal. */
const TIE = 1e-9;

/** The label that weighs most in linear interpolation; of equals, that of the nearest voxel. */
export function winningLabel({ place, labels, weights }: Vote): number {
  weights.fill(1);
  let nearest = 0;
  for (let axis = 0; axis < 3; axis++) {
    const bit = 4 >> axis, lower = Math.floor(place[axis]), part = place[axis] - lower;
    if (part > 0.5 || (part === 0.5 && lower % 2 !== 0)) nearest |= bit; // a tie goes to the even
    for (let corner = 0; corner < 8; corner++) weights[corner] *= corner & bit ? part : 1 - part;
  }
  let winner = labels[nearest], best = scoreOf(winner, labels, weights) + TIE, weighed = winner;
  for (let corner = 0; corner < 8; corner++) {
    const label = labels[corner];
    if (label === winner || label === weighed) continue; // nearly always there are two
    const score = scoreOf(label, labels, weights);
    weighed = label;
    if (score > best) {
      best = score;
      winner = label;
    }
  }
  return winner;
}

function scoreOf(label: number, labels: Int32Array, weights: Float64Array): number {
  let score = 0;
  for (let corner = 0; corner < 8; corner++) if (labels[corner] === label) score += weights[corner];
  return score;
}
