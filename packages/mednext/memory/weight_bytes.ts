/**
 * Bytes of weights.
 * @module
 */
import { parametersOf } from "../units/parameters.ts";
import type { Unit } from "../units/unit.ts";
import { FLOAT } from "./unit_tensors.ts";

/** A tensor takes whole cache lines of the wasm backend's memory. */
const LINE = 64;

/** Bytes of the weights of a unit. */
export function weightBytes(unit: Unit): number {
  return parametersOf(unit)
    .map(({ shape }) => FLOAT * shape.reduce((product, n) => product * n, 1))
    .reduce((sum, bytes) => sum + Math.ceil(bytes / LINE) * LINE, 0);
}
