/** How one NIfTI datatype is stored and what it becomes. */
export interface NiftiDatatype {
  /** The field's name for it. */
  name: string;
  /** Bytes of one value in the file. */
  bytes: number;
}

/** The datatypes that hold one real number for each voxel, by their code. */
export const DATATYPES: ReadonlyMap<number, NiftiDatatype> = new Map([
  [2, { name: "uint8", bytes: 1 }],
  [4, { name: "int16", bytes: 2 }],
  [8, { name: "int32", bytes: 4 }],
  [16, { name: "float32", bytes: 4 }],
  [64, { name: "float64", bytes: 8 }],
  [256, { name: "int8", bytes: 1 }],
  [512, { name: "uint16", bytes: 2 }],
  [768, { name: "uint32", bytes: 4 }],
  [1024, { name: "int64", bytes: 8 }],
  [1280, { name: "uint64", bytes: 8 }],
]);

/** The datatypes that the standard names and that no volume of real numbers can hold. */
const REFUSED: ReadonlyMap<number, string> = new Map([
  [1, "binary"],
  [32, "complex64"],
  [128, "rgb24"],
  [1536, "float128"],
  [1792, "complex128"],
  [2048, "complex256"],
  [2304, "rgba32"],
]);

/** The code of a datatype by its name. */
export function datatypeCode(name: string): number {
  for (const [code, datatype] of DATATYPES) {
    if (datatype.name === name) return code;
  }
  throw new TypeError(`Cannot write voxels as '${name}': expected ${datatypeNames()}`);
}

/** The datatype of a code, or an error that names what was found. */
export function datatypeOf(code: number, name: string): NiftiDatatype {
  const datatype = DATATYPES.get(code);
  if (datatype) return datatype;
  const found = REFUSED.get(code) ?? `the unknown datatype code ${code}`;
  throw new TypeError(
    `Cannot read '${name}' as NIfTI: expected voxels of ${datatypeNames()}, found ${found}`,
  );
}

function datatypeNames(): string {
  const names = [...DATATYPES.values()].map((datatype) => datatype.name);
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
