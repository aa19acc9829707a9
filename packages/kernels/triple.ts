/** Three numbers, for the axes D, H and W in that order. */
export type Triple = [number, number, number];
