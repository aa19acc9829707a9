/**
 * Medical volumes in TypeScript: files in, patches out.
 * @module
 */
export type { Triple, Volume, VoxelArray } from "./volume.ts";
