import type { JsonNumber } from "../metric_record.ts";

/** Splits a number into what JSON can hold. */
export function toJsonNumber(value: number): JsonNumber {
  if (Number.isFinite(value)) return { value };
  return { value: null, notFinite: String(value) as JsonNumber["notFinite"] };
}

/** The number again. */
export function fromJsonNumber({ value, notFinite }: JsonNumber): number {
  return value ?? Number(notFinite ?? NaN);
}
