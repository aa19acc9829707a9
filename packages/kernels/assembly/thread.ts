/** Address of 128 bytes that belong to this instance alone: each thread has an instance of its own. */
export let threadScratch: usize = 0;

/** Gives this instance its scratch. */
export function setThreadScratch(address: usize): void {
  threadScratch = address;
}
