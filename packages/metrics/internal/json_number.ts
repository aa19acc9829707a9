import type { JsonNumber } from "../metric_record.ts";

/** Splits a number into what JSON can hold. Distances and fractions are never negative. */
export function toJsonNumber(value: number): JsonNumber {
  if (Number.isFinite(value)) return { value };
  return { value: null, notFinite: Number.isNaN(value) ? "NaN" : "Infinity" };
}

/** The number again. */
export function fromJsonNumber({ value, notFinite }: JsonNumber): number {
  return value ?? (notFinite === "Infinity" ? Infinity : NaN);
}
