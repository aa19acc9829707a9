import type { ControlLayout } from "./control_block.ts";

/** What a thread needs to take tasks. */
export interface TaskTaker {
  control: SharedArrayBuffer;
  layout: ControlLayout;
  /** The functions of the thread's own instance, in the order of the module's exports. */
  kernels: ((...numbers: number[]) => void)[];
  /** The number of the thread; 0 is the calling one. */
  index: number;
}

/**
 * Takes and does tasks of the job until none is left. If one fails, the message is left in the control block and no
 * more tasks are taken.
 *
 * Workers get this function as text: it may use nothing but its argument.
 */
export function takeTasks({ control, layout, kernels, index }: TaskTaker): void {
  const numbers = new Int32Array(control);
  try {
    const count = numbers[layout.count];
    const args = Array.from(new Float64Array(control, layout.values * 8, count));
    const [tasks, items, chunk] = [layout.tasks, layout.items, layout.chunk].map((i) => numbers[i]);
    const [argument, bytes] = [numbers[layout.argument], numbers[layout.bytes]];
    const first = argument < 0 ? 0 : args[argument];
    const kernel = kernels[numbers[layout.kernel]];
    for (;;) {
      const task = Atomics.add(numbers, layout.next, 1);
      if (task >= tasks) return;
      if (argument >= 0) args[argument] = first + task * bytes;
      kernel(...args, task * chunk, Math.min((task + 1) * chunk, items));
    }
  } catch (error) {
    Atomics.store(numbers, layout.next, numbers[layout.tasks]);
    if (Atomics.compareExchange(numbers, layout.failed, 0, 1) !== 0) return;
    const text = `thread ${index}: ${error}`.slice(0, layout.textLimit);
    numbers[layout.text] = text.length;
    for (let i = 0; i < text.length; i++) numbers[layout.text + 1 + i] = text.charCodeAt(i);
  }
}
