import type { Symbols } from "./symbols.ts";
import { readCString } from "./text.ts";

/** What TensorFlow answers when memory does not suffice (`TF_RESOURCE_EXHAUSTED`). */
const RESOURCE_EXHAUSTED = 8;

/** How much of TensorFlow's own message is worth reading: the rest names its source files. */
const LONGEST = 400;

/** Where TensorFlow leaves how a call went. One serves all calls, since none runs beside another. */
export interface Status {
  /** To be given to the call. */
  pointer: Deno.PointerValue;
  /** Throws unless the call went well; `what` is what it was to do. */
  check: (what: string) => void;
}

/** Makes a status. */
export function createStatus(symbols: Symbols): Status {
  const pointer = symbols.TF_NewStatus();
  return {
    pointer,
    check(what) {
      const code = symbols.TF_GetCode(pointer);
      if (code === 0) return;
      const reason = readCString(symbols.TF_Message(pointer)).split("\n")[0].slice(0, LONGEST);
      throw code === RESOURCE_EXHAUSTED
        ? new RangeError(`Cannot ${what} as memory does not suffice: ${reason}`)
        : new Error(`Cannot ${what}: ${reason}`);
    },
  };
}
