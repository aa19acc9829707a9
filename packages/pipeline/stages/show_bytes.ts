/** Bytes for people and for machines: `4.00 GiB (4294901760 bytes)`. */
export function showBytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(2)} GiB (${bytes} bytes)`;
}
