// Reductions along the last axis of [rows, columns], where it is short (classes).

/** y = the sum of each of the rows `begin..end`. */
export function rowSums(x: usize, y: usize, columns: i32, begin: i32, end: i32): void {
  let p = x + (usize(begin) * usize(columns) << 2);
  for (let row = begin; row < end; row++) {
    let sum: f32 = 0;
    for (let c = 0; c < columns; c++, p += 4) sum += load<f32>(p);
    store<f32>(y + (usize(row) << 2), sum);
  }
}

/** y = the largest value of each of the rows `begin..end`; NaN if there is one. */
export function rowMaxima(x: usize, y: usize, columns: i32, begin: i32, end: i32): void {
  let p = x + (usize(begin) * usize(columns) << 2);
  for (let row = begin; row < end; row++) {
    let largest: f32 = -Infinity;
    for (let c = 0; c < columns; c++, p += 4) largest = max<f32>(largest, load<f32>(p));
    store<f32>(y + (usize(row) << 2), largest);
  }
}
