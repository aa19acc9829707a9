/** Where the control block holds what: indices of int32. All threads of a pool share it. */
export interface ControlLayout {
  /** Rises with each job; workers sleep on it. */
  wake: number;
  /** 1 while there is a job. Its description only changes while this and `active` are 0. */
  open: number;
  /** Number of workers that look at the job; the calling thread waits until it is 0. */
  active: number;
  /** The next task that nobody has taken. */
  next: number;
  /** 1 when the workers are to end. */
  stop: number;
  /** Number of workers that have started. */
  running: number;
  /** 1 when a task has failed; its message is in the text. */
  failed: number;
  /** Index of the job's kernel among the exports. */
  kernel: number;
  /** Number of tasks, of items and of items in a task. */
  tasks: number;
  items: number;
  chunk: number;
  /** The argument that moves by `bytes` from task to task; -1 for none. */
  argument: number;
  bytes: number;
  /** Number of arguments, and where they lie: an index of float64. */
  count: number;
  values: number;
  /** Where the message of an error lies: the index of its length, in UTF-16 units that follow it. */
  text: number;
  /** Longest message. */
  textLimit: number;
}

/** The layout of every control block. */
export const CONTROL_LAYOUT: ControlLayout = {
  ...{ wake: 0, open: 1, active: 2, next: 3, stop: 4, running: 5, failed: 6, kernel: 7 },
  ...{ tasks: 8, items: 9, chunk: 10, argument: 11, bytes: 12, count: 13 },
  ...{ values: 16, text: 128, textLimit: 256 },
};

/** A control block: 32 float64 of arguments and 256 characters of text fit in. */
export function createControlBlock(): SharedArrayBuffer {
  return new SharedArrayBuffer((128 + 1 + 256) * 4);
}
