import { WriteError } from "../file_system.ts";

/** What is thrown, as data: the error and its causes, outermost first. */
export type EncodedError = readonly EncodedCause[];

interface EncodedCause {
  /** Not an error but some value, as text. */
  readonly value?: string;
  /** The reason of the signal itself. */
  readonly isReason?: boolean;
  readonly name?: string;
  readonly message?: string;
  readonly stack?: string;
  /** The built-in class that it is of. */
  readonly builtin?: string;
  readonly code?: string;
  readonly path?: string;
}

const builtins: ReadonlyMap<string, new (message: string, options: ErrorOptions) => Error> =
  new Map([
    ["TypeError", TypeError],
    ["ReferenceError", ReferenceError],
    ["RangeError", RangeError],
    ["SyntaxError", SyntaxError],
    ["Error", Error],
  ]);

/** A chain may be a ring. */
const maximumCauses = 16;

/**
 * Takes what a stage has thrown apart.
 *
 * @param thrown What it has thrown.
 * @param reason The reason with which its signal was aborted, to be told from all else.
 */
export function encodeError(thrown: unknown, reason: unknown): EncodedError {
  const causes: EncodedCause[] = [];
  let error = thrown;
  do {
    causes.push(encodeOne(error, reason));
    error = error instanceof Error ? error.cause : undefined;
  } while (error !== undefined && causes.length < maximumCauses);
  return causes;
}

function encodeOne(error: unknown, reason: unknown): EncodedCause {
  if (error !== undefined && error === reason) return { isReason: true };
  if (!(error instanceof Error)) return { value: String(error) };
  const { name, message, stack } = error;
  const { code, path } = error as { code?: unknown; path?: unknown };
  const builtin = [...builtins].find(([, type]) => error instanceof type)?.[0];
  return {
    name,
    message,
    stack,
    builtin,
    ...(typeof code === "string" ? { code } : {}),
    ...(typeof path === "string" ? { path } : {}),
  };
}

/**
 * Puts together again what {@linkcode encodeError} took apart: with its built-in class, its stack
 * and its causes, a `WriteError` as one, the signal's reason as itself.
 *
 * @param encoded What crossed.
 * @param reason The reason with which the signal was aborted.
 */
export function decodeError(encoded: EncodedError, reason: unknown): unknown {
  return encoded.reduceRight<unknown>((cause, one) => decodeOne(one, cause, reason), undefined);
}

function decodeOne(one: EncodedCause, cause: unknown, reason: unknown): unknown {
  if (one.isReason) return reason;
  if (one.value !== undefined) return one.value;
  const { name, message = "", stack, builtin = "Error", code, path } = one;
  const options = cause === undefined ? {} : { cause };
  const error = name === "WriteError" && path !== undefined
    ? new WriteError(path, cause)
    : new (builtins.get(builtin) ?? Error)(message, options);
  const hidden = (value: unknown) => ({ value, configurable: true, writable: true });
  Object.defineProperties(error, {
    name: hidden(name),
    message: hidden(message),
    stack: hidden(stack),
  });
  return Object.assign(error, code === undefined ? {} : { code });
}
