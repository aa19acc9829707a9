/** One package of the standard library, ready to be laid into `vendor/`. */
export interface StandardPackage {
  /** Name with scope, `@std/assert`. */
  name: string;
  /** Exact version. */
  version: string;
  /** Where the code comes from, for people. */
  origin: string;
  /** Text of each file by its path inside the package. */
  files: Map<string, string>;
  /** Entry points: export name to file. */
  exports: Record<string, string>;
}
