import { isZarritaError, registry } from "zarrita";

/** Messages of ours, unlike the engine's "Cannot read properties of undefined". */
const OWN = /^Cannot (read|use) (the (key|array) )?'/;

/**
 * Runs a step on a store; what goes wrong says what was read, what was expected and what was found.
 */
export async function zarrError<T>(target: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof Error && OWN.test(error.message)) throw error;
    const Kind = kindOf(error);
    throw new Kind(`Cannot read ${target} as Zarr: ${explain(error)}`, { cause: error });
  }
}

/** The class of our own errors is kept; what else goes wrong in zarrita or a codec is an Error. */
function kindOf(error: unknown): ErrorConstructor {
  const isOurs = error instanceof Error && error.message.startsWith("expected ");
  const kinds = [TypeError, RangeError, SyntaxError] as ErrorConstructor[];
  return kinds.find((kind) => isOurs && error instanceof kind) ?? Error;
}

function explain(error: unknown): string {
  if (isZarritaError(error, "UnknownCodecError")) {
    const known = [...registry.keys()].filter((name) => !name.startsWith("numcodecs."));
    return `expected the codecs ${known.join(", ")}, found ${error.codec}`;
  }
  if (isZarritaError(error, "NotFoundError")) {
    return "expected an array or a group, found neither zarr.json nor .zarray nor .zgroup";
  }
  if (isZarritaError(error, "CodecPipelineError")) {
    const cause = error.cause instanceof Error ? error.cause.message : String(error.cause);
    return `expected chunks that ${error.codec} can decode, found damage (${cause})`;
  }
  const message = error instanceof Error ? error.message : String(error);
  if (message.startsWith("expected ")) return message;
  return `expected metadata and chunks by the specification, found otherwise (${message})`;
}
