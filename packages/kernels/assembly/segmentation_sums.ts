// What cross-entropy and soft Dice are made of, in one pass over the logits, and its gradient in another. The softmax is
// computed in both and written in neither.
import { exponential } from "./exponential";
import { storeLanes, sumLanes, zero } from "./simd";

/** Voxels whose probabilities are summed in float32 before they go to the sums in float64. */
const BLOCK: i32 = 128;
/** Products of sums of exponentials are kept below this power of two; its square is still a float64. */
const LARGEST: f64 = 3.273390607896142e150; // 2^500

/**
 * Sums over the voxels `begin..end` of [voxels, classes]. With s = `classes` rounded up to 4, `results` is float64: six
 * rows of s, then the number of labels that are no class (and one float64 of padding); then 2 s float32 to work in.
 * Rows: probability of the label, by label; probability of each class; voxels, by label; largest logit less that of the
 * label, by label; and in two rows, by label, the product of the sums of exp(logit - largest): product 2^(500 count).
 * So there is one logarithm per class and not per voxel.
 */
export function segmentationSums(
  logits: usize, labels: usize, classes: i32, results: usize, begin: i32, end: i32,
): void {
  const row = usize((classes + 3) & ~3) << 3;
  const exponentials = results + 6 * row + 16, block = exponentials + (row >> 1);
  memory.fill(results, 0, 6 * row + 16);
  for (let c = 0; c < classes; c++) store<f64>(results + 4 * row + (usize(c) << 3), 1);
  for (let from = begin; from < end; from += BLOCK) {
    memory.fill(block, 0, row >> 1);
    for (let i = from, to = min(from + BLOCK, end); i < to; i++) {
      const x = logits + (usize(i) * usize(classes) << 2);
      const largest = largestOf(x, classes);
      const total = sumOfExponentials(x, largest, exponentials, classes);
      addProbabilities(exponentials, total, block, classes);
      const label = classOf(labels, i, classes, results + 6 * row);
      const probability = load<f32>(exponentials + (usize(label) << 2)) / total;
      addToLabel(results + (usize(label) << 3), row, probability, largest - load<f32>(x + (usize(label) << 2)), total);
    }
    for (let c = 0; c < classes; c++) {
      const at = results + row + (usize(c) << 3);
      store<f64>(at, load<f64>(at) + f64(load<f32>(block + (usize(c) << 2))));
    }
  }
}

/** The class of a voxel: labels below zero are class 0; labels that are too large are counted, and are the last class. */
// @ts-ignore: decorator
@inline
function classOf(labels: usize, i: i32, classes: i32, wrong: usize): i32 {
  const label = max(load<i32>(labels + (usize(i) << 2)), 0);
  if (label < classes) return label;
  if (wrong != 0) store<f64>(wrong, load<f64>(wrong) + 1);
  return classes - 1;
}

// @ts-ignore: decorator
@inline
function largestOf(x: usize, classes: i32): f32 {
  let largest = load<f32>(x);
  for (let c = 1; c < classes; c++) {
    const value = load<f32>(x + (usize(c) << 2));
    largest = value > largest ? value : largest;
  }
  return largest;
}

/** Writes exp(x - largest), zeros behind the last class, and gives their sum. */
// @ts-ignore: decorator
@inline
function sumOfExponentials(x: usize, largest: f32, exponentials: usize, classes: i32): f32 {
  const lanes = i32x4(0, 1, 2, 3), shift = f32x4.splat(largest);
  let sum = zero();
  for (let c = 0; c < classes; c += 4) {
    const at = usize(c) << 2;
    const e = exponential(f32x4.sub(v128.load(x + at), shift), zero());
    // Lanes behind the last class hold the next voxel.
    const own = v128.and(e, i32x4.lt_s(lanes, i32x4.splat(classes - c)));
    v128.store(exponentials + at, own);
    sum = f32x4.add(sum, own);
  }
  return sumLanes(sum);
}

// @ts-ignore: decorator
@inline
function addProbabilities(exponentials: usize, total: f32, sums: usize, classes: i32): void {
  for (let c = 0; c < classes; c += 4) {
    const at = usize(c) << 2, p = f32x4.div(v128.load(exponentials + at), f32x4.splat(total));
    v128.store(sums + at, f32x4.add(v128.load(sums + at), p));
  }
}

/** Adds one voxel to the sums of its label. */
// @ts-ignore: decorator
@inline
function addToLabel(sums: usize, row: usize, probability: f32, behind: f32, total: f32): void {
  store<f64>(sums, load<f64>(sums) + f64(probability));
  store<f64>(sums + 2 * row, load<f64>(sums + 2 * row) + 1);
  store<f64>(sums + 3 * row, load<f64>(sums + 3 * row) + f64(behind));
  let product = load<f64>(sums + 4 * row) * f64(total);
  if (product >= LARGEST) {
    product /= LARGEST;
    store<f64>(sums + 5 * row, load<f64>(sums + 5 * row) + 1);
  }
  store<f64>(sums + 4 * row, product);
}

/**
 * The gradient for the logits of the voxels `begin..end`. `slopes` is four rows of `classes` rounded up to 4: those of the
 * probability of the label, of the probabilities, of the number of voxels (0, whatever it is) and of the cross-entropy.
 * `work` holds two more such rows.
 */
export function segmentationSumsGradient(
  logits: usize, labels: usize, slopes: usize, dx: usize, work: usize, classes: i32, begin: i32, end: i32,
): void {
  const row = usize((classes + 3) & ~3) << 2, weighted = work + row;
  const lanes = i32x4(0, 1, 2, 3), one = f32x4.splat(1);
  for (let i = begin; i < end; i++) {
    const offset = usize(i) * usize(classes) << 2, x = logits + offset;
    const total = f32x4.splat(sumOfExponentials(x, largestOf(x, classes), work, classes));
    const label = classOf(labels, i, classes, 0);
    const entropy = f32x4.splat(load<f32>(slopes + 3 * row + (usize(label) << 2)));
    let sum = zero();
    for (let c = 0; c < classes; c += 4) {
      const at = usize(c) << 2, p = f32x4.div(v128.load(work + at), total);
      const isLabel = i32x4.eq(lanes, i32x4.splat(label - c));
      const slope = f32x4.add(v128.load(slopes + row + at), v128.and(v128.load(slopes + at), isLabel));
      const product = f32x4.mul(p, slope);
      // p (slope - sum of products) + entropy (p - label): all but the sum is known here.
      v128.store(work + at, p);
      v128.store(
        weighted + at,
        f32x4.add(product, f32x4.mul(entropy, f32x4.sub(p, v128.and(one, isLabel)))),
      );
      sum = f32x4.add(sum, product);
    }
    const whole = f32x4.splat(sumLanes(sum));
    for (let c = 0; c < classes; c += 4) {
      const at = usize(c) << 2;
      const value = f32x4.sub(v128.load(weighted + at), f32x4.mul(v128.load(work + at), whole));
      // What is written too far belongs to the next voxels, which come later.
      if (end - i > 3) v128.store(dx + offset + at, value);
      else storeLanes(dx + offset + at, value, classes - c);
    }
  }
}
