/** Address of 128 bytes that belong to this instance alone: each thread has an instance of its own. */
export let threadScratch: usize = 0;

/** The number of this thread, from 0. */
export let threadIndex: i32 = 0;

/** Gives this instance its scratch and its number. */
export function setThread(scratch: usize, index: i32): void {
  threadScratch = scratch;
  threadIndex = index;
}
