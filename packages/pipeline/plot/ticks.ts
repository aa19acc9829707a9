/**
 * Round numbers that divide an axis: multiples of 1, 2 or 5 times a power of ten, as few more than `count` as
 * there can be.
 *
 * @param range The lowest and the highest value of the axis.
 * @param options About how many there are to be, and whether only whole numbers will do.
 * @returns Ticks inside of the range, in order, and the number of decimals that tell them apart.
 */
export function ticks(
  [low, high]: readonly [number, number],
  { count, whole = false }: { count: number; whole?: boolean },
): { values: number[]; decimals: number } {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough * 0.999)!;
  const step = whole ? Math.max(1, Math.round(factor * power)) : factor * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const values = Array.from(
    { length: last - first + 1 },
    (_, i) => Number(((first + i) * step).toFixed(decimals)),
  );
  return { values, decimals };
}
