import { philox } from "./philox.ts";

const NUMBER = 1;
const TEXT = 2;

function numberWords(value: number): number[] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value + 0); // -0 + 0 is 0: the two are one key
  return [NUMBER, view.getUint32(0), view.getUint32(4)];
}

function textWords(value: string): number[] {
  const bytes = new TextEncoder().encode(value);
  const words = [TEXT, bytes.length];
  for (let i = 0; i < bytes.length; i += 4) {
    words.push(
      (bytes[i] | ((bytes[i + 1] ?? 0) << 8) | ((bytes[i + 2] ?? 0) << 16) |
        ((bytes[i + 3] ?? 0) << 24)) >>> 0,
    );
  }
  return words;
}

/**
 * 128 bits from a list of numbers and texts, each marked with its type and length, so that
 * `1` and `"1"`, or `("ab", "c")` and `("a", "bc")`, differ.
 */
export function hashKeys(keys: (number | string)[]): Uint32Array {
  const state = new Uint32Array(4);
  const words = keys.flatMap((key) => typeof key === "number" ? numberWords(key) : textWords(key));
  words.forEach((word, index) => {
    state[0] ^= word;
    philox(state, index, 0x6d656478);
  });
  return state;
}
