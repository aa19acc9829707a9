/**
 * The header of a safetensors file: read with suspicion.
 * @module
 */

/** One array of the file: where it lies in the bytes after the header. */
export interface Entry {
  /** The name. */
  name: string;
  /** The type, as the file spells it. */
  dtype: string;
  /** The size of each axis. */
  shape: number[];
  /** First byte. */
  begin: number;
  /** The byte after the last. */
  end: number;
}

/** What the header says. */
export interface Header {
  /** The arrays in the order of their bytes. */
  entries: Entry[];
  /** Texts by name. */
  metadata: Record<string, string>;
  /** Where the bytes of the arrays start in the file. */
  dataStart: number;
}

/** The limit of the format's own library. */
const LARGEST_HEADER = 100_000_000;
const LENGTH_BYTES = 8;

const fail = (what: string): never => {
  throw new SyntaxError(`Cannot read safetensors: ${what}`);
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isIndex = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0;

function parseJson(bytes: Uint8Array): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new SyntaxError("Cannot read safetensors: the header is not JSON", { cause });
  }
  return isRecord(parsed) ? parsed : fail("the header is not a JSON object");
}

function parseEntry(name: string, value: unknown): Entry {
  if (!isRecord(value)) return fail(`${name}: the header's entry is not an object`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== "string") return fail(`${name}: dtype is not a string`);
  if (!Array.isArray(shape) || !shape.every(isIndex)) {
    return fail(`${name}: shape is not a list of non-negative integers`);
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isIndex)) {
    return fail(`${name}: data_offsets are not two non-negative integers`);
  }
  const [begin, end] = offsets;
  return { name, dtype, shape, begin, end };
}

/** The bytes of the arrays must follow one another without gap or overlap up to the end of the file. */
function checkLayout(entries: Entry[], available: number): void {
  let position = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== position) {
      fail(`${name}: expected its bytes to start at ${position}, found ${begin}`);
    }
    if (end < begin || end > available) {
      fail(`${name}: its bytes ${begin} to ${end} do not fit the ${available} bytes of data`);
    }
    position = end;
  }
  if (position !== available) {
    fail(`the arrays take ${position} bytes, the file has ${available} bytes of data`);
  }
}

function parseMetadata(value: unknown): Record<string, string> {
  if (value === undefined) return {};
  if (!isRecord(value) || Object.values(value).some((text) => typeof text !== "string")) {
    return fail("__metadata__ is not an object of strings");
  }
  return value as Record<string, string>;
}

/** Reads the header and checks that its arrays fill the rest of the file exactly. */
export function readHeader(bytes: Uint8Array): Header {
  if (bytes.length < LENGTH_BYTES) {
    fail(`expected at least ${LENGTH_BYTES} bytes, found ${bytes.length}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  const largest = Math.min(LARGEST_HEADER, bytes.length - LENGTH_BYTES);
  if (length > BigInt(largest)) {
    fail(`expected a header of at most ${largest} bytes, found a length of ${length}`);
  }
  const dataStart = LENGTH_BYTES + Number(length);
  const { __metadata__: metadata, ...named } = parseJson(bytes.subarray(LENGTH_BYTES, dataStart));
  const entries = Object.entries(named).map(([name, value]) => parseEntry(name, value))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkLayout(entries, bytes.length - dataStart);
  return { entries, metadata: parseMetadata(metadata), dataStart };
}
