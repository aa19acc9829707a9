// What cross-entropy and soft Dice are made of, in one pass over the logits, and its gradient in another. The softmax is
// computed in both and written in neither. Four voxels are the lanes of one vector, class after class.
import { exponential } from "./exponential";
import { sumLanes, zero } from "./simd";

/** Voxels whose probabilities are summed in float32 before they go to the sums in float64. */
const BLOCK: i32 = 128;
/** Products of sums of exponentials are kept below this power of two; its square is still a float64. */
const LARGEST: f64 = 3.273390607896142e150; // 2^500

/**
 * Sums over the voxels `begin..end` of [voxels, classes]. With s = `classes` rounded up to 4, `results` is float64: six
 * rows of s, then the number of labels that are no class (and one float64 of padding); then 32 s + 32 bytes to work in.
 * Rows: probability of the label, by label; probability of each class; voxels, by label; largest logit less that of the
 * label, by label; and in two rows, by label, the product of the sums of exp(logit - largest): product 2^(500 count).
 * So there is one logarithm per class and not per voxel. Voxels whose label is `ignored` are in no sum.
 */
export function segmentationSums(
  logits: usize, labels: usize, ignored: i32, classes: i32, results: usize, begin: i32, end: i32,
): void {
  const row = usize((classes + 3) & ~3) << 3;
  const work = results + 6 * row + 16, block = work + 2 * row, lanes = block + 2 * row;
  memory.fill(results, 0, 6 * row + 16);
  for (let c = 0; c < classes; c++) store<f64>(results + 4 * row + (usize(c) << 3), 1);
  for (let from = begin; from < end; from += BLOCK) {
    const to = min(from + BLOCK, end);
    memory.fill(block, 0, 2 * row);
    for (let i = from; i < to; i += 4) {
      const count = min(to - i, 4);
      seekVoxels(logits, classes, i, count);
      const largest = loadClasses(work, classes), total = exponentiate(work, largest, classes);
      const isOwn = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count));
      addProbabilities(work, total, block, classes, v128.and(isOwn, isAnnotated(labels, i, count, ignored)));
      v128.store(lanes, largest);
      v128.store(lanes, total, 16);
      for (let lane = 0; lane < count; lane++) {
        if (load<i32>(labels + (usize(i + lane) << 2)) == ignored) continue;
        const label = classOf(labels, i + lane, classes, results + 6 * row);
        const at = usize(lane) << 2, sums = results + (usize(label) << 3);
        const behind = load<f32>(lanes + at) - load<f32>(logits + (usize((i + lane) * classes + label) << 2));
        addToLabel(sums, row, load<f32>(work + (usize(label) << 4) + at), behind, load<f32>(lanes + at, 16));
      }
    }
    for (let c = 0; c < classes; c++) {
      const at = results + row + (usize(c) << 3);
      store<f64>(at, load<f64>(at) + f64(sumLanes(v128.load(block + (usize(c) << 4)))));
    }
  }
}

// Where the logits of the four voxels at hand lie. Each thread has an instance of its own.
let voxel0: usize = 0;
let voxel1: usize = 0;
let voxel2: usize = 0;
let voxel3: usize = 0;

/** Voxels i to i + 3; past the last of `count`, it again. */
// @ts-ignore: decorator
@inline
function seekVoxels(base: usize, classes: i32, i: i32, count: i32): void {
  const bytes = usize(classes) << 2;
  voxel0 = base + usize(i) * bytes;
  voxel1 = voxel0 + usize(min(count - 1, 1)) * bytes;
  voxel2 = voxel0 + usize(min(count - 1, 2)) * bytes;
  voxel3 = voxel0 + usize(min(count - 1, 3)) * bytes;
}

/** Writes the logits of the four voxels, a vector for each class, and gives the largest ones. */
// @ts-ignore: decorator
@inline
function loadClasses(work: usize, classes: i32): v128 {
  let largest = f32x4.splat(-Infinity);
  for (let c = 0; c < classes; c++) {
    const at = usize(c) << 2;
    let x = v128.load32_zero(voxel0 + at);
    x = v128.load32_lane(voxel1 + at, x, 1);
    x = v128.load32_lane(voxel2 + at, x, 2);
    x = v128.load32_lane(voxel3 + at, x, 3);
    v128.store(work + (usize(c) << 4), x);
    largest = f32x4.pmax(largest, x);
  }
  return largest;
}

/** exp(logit - largest) in place; gives their sums over the classes. */
// @ts-ignore: decorator
@inline
function exponentiate(work: usize, largest: v128, classes: i32): v128 {
  let sum = zero();
  for (const last = work + (usize(classes) << 4); work < last; work += 16) {
    const e = exponential(f32x4.sub(v128.load(work), largest), zero());
    v128.store(work, e);
    sum = f32x4.add(sum, e);
  }
  return sum;
}

/** Which of the four voxels count; past the last of `count`, it again. */
// @ts-ignore: decorator
@inline
function isAnnotated(labels: usize, i: i32, count: i32, ignored: i32): v128 {
  const first = labels + (usize(i) << 2);
  let label = v128.load32_splat(first);
  label = v128.load32_lane(first + (usize(min(count - 1, 1)) << 2), label, 1);
  label = v128.load32_lane(first + (usize(min(count - 1, 2)) << 2), label, 2);
  label = v128.load32_lane(first + (usize(min(count - 1, 3)) << 2), label, 3);
  return i32x4.ne(label, i32x4.splat(ignored));
}

/** Probabilities in place, and those of the voxels that count on top of the sums of each class. */
// @ts-ignore: decorator
@inline
function addProbabilities(work: usize, total: v128, sums: usize, classes: i32, counts: v128): void {
  for (const last = work + (usize(classes) << 4); work < last; work += 16, sums += 16) {
    const p = f32x4.div(v128.load(work), total);
    v128.store(work, p);
    v128.store(sums, f32x4.add(v128.load(sums), v128.and(p, counts)));
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
 * `work` holds 32 bytes for each class. Voxels whose label is `ignored` have none.
 */
export function segmentationSumsGradient(
  logits: usize, labels: usize, ignored: i32, slopes: usize, dx: usize, work: usize, classes: i32, begin: i32, end: i32,
): void {
  const row = usize((classes + 3) & ~3) << 2, entropies = slopes + 3 * row;
  const weighted = work + (usize(classes) << 4), one = f32x4.splat(1);
  for (let i = begin; i < end; i += 4) {
    const count = min(end - i, 4);
    seekVoxels(logits, classes, i, count);
    const total = exponentiate(work, loadClasses(work, classes), classes);
    const label0 = classOf(labels, i, classes, 0), label1 = classOf(labels, i + min(count - 1, 1), classes, 0);
    const label2 = classOf(labels, i + min(count - 1, 2), classes, 0);
    const label3 = classOf(labels, i + min(count - 1, 3), classes, 0);
    let label = i32x4.splat(label0);
    label = i32x4.replace_lane(label, 1, label1);
    label = i32x4.replace_lane(label, 2, label2);
    label = i32x4.replace_lane(label, 3, label3);
    let entropy = v128.load32_zero(entropies + (usize(label0) << 2));
    entropy = v128.load32_lane(entropies + (usize(label1) << 2), entropy, 1);
    entropy = v128.load32_lane(entropies + (usize(label2) << 2), entropy, 2);
    entropy = v128.load32_lane(entropies + (usize(label3) << 2), entropy, 3);
    let sum = zero();
    for (let c = 0; c < classes; c++) {
      const at = usize(c) << 4, slopeAt = slopes + (usize(c) << 2);
      const p = f32x4.div(v128.load(work + at), total), isLabel = i32x4.eq(label, i32x4.splat(c));
      const inside = v128.and(v128.load32_splat(slopeAt), isLabel);
      const product = f32x4.mul(p, f32x4.add(v128.load32_splat(slopeAt + row), inside));
      // p (slope - sum of products) + entropy (p - label): all but the sum is known here.
      const rest = f32x4.mul(entropy, f32x4.sub(p, v128.and(one, isLabel)));
      v128.store(work + at, p);
      v128.store(weighted + at, f32x4.add(product, rest));
      sum = f32x4.add(sum, product);
    }
    seekVoxels(dx, classes, i, count);
    storeClasses(work, weighted, sum, isAnnotated(labels, i, count, ignored), classes);
  }
}

/** weighted - p sum, to the four voxels; 0 to those that do not count. */
// @ts-ignore: decorator
@inline
function storeClasses(p: usize, weighted: usize, sum: v128, counts: v128, classes: i32): void {
  for (let c = 0; c < classes; c++) {
    const from = usize(c) << 4, to = usize(c) << 2;
    const value = v128.and(counts, f32x4.sub(v128.load(weighted + from), f32x4.mul(v128.load(p + from), sum)));
    v128.store32_lane(voxel0 + to, value, 0);
    v128.store32_lane(voxel1 + to, value, 1);
    v128.store32_lane(voxel2 + to, value, 2);
    v128.store32_lane(voxel3 + to, value, 3);
  }
}
