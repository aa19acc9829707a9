const encoder = new TextEncoder();
const known = new Map<string, Uint8Array<ArrayBuffer>>();

/** A text that C can read. Names of operations and attributes are few, so each is made once. */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  let bytes = known.get(text);
  if (bytes === undefined) known.set(text, bytes = encoder.encode(`${text}\0`));
  return bytes;
}

/** The text that C has given; empty if it has given none. */
export function readCString(pointer: Deno.PointerValue): string {
  return pointer === null ? "" : new Deno.UnsafePointerView(pointer).getCString();
}
