import { tf } from "../tf.ts";
import { savesShapesOnly } from "./saves_shapes_only.ts";
import { freeSaved, type TapeNode } from "./tape_node.ts";

/** The part of the engine's state that says whether, and on what, operations are recorded. */
interface Recording {
  activeTape: TapeNode[] | null;
  gradientDepth: number;
  kernelDepth: number;
}

const recording = (): Recording => (tf.engine() as unknown as { state: Recording }).state;

/** Whether what is computed now is recorded for a gradient that will be taken further out. */
export function isRecording(): boolean {
  const { gradientDepth, kernelDepth } = recording();
  return gradientDepth > 0 && kernelDepth === 0;
}

/**
 * Runs a function and records its operations on a tape of its own; any other tape is as before when it returns or
 * throws. The saved tensors of the tape are the caller's to free; if the function throws, they are freed.
 */
export function record<T extends tf.Tensor>(f: () => T): { value: T; tape: TapeNode[] } {
  const state = recording();
  const { activeTape, gradientDepth, kernelDepth } = state;
  const tape = createTape();
  Object.assign(state, { activeTape: tape, gradientDepth: 1, kernelDepth: 0 });
  try {
    return { value: tf.tidy(f), tape };
  } catch (error) {
    freeSaved(tape);
    throw error;
  } finally {
    Object.assign(state, { activeTape, gradientDepth, kernelDepth });
  }
}

/**
 * The engine puts each operation onto its tape by `push`: there, tensors that were saved for the sake of their shape
 * are freed at once. A disposed tensor still has its shape.
 */
function createTape(): TapeNode[] {
  const tape: TapeNode[] = [];
  tape.push = (...nodes) => {
    freeSaved(nodes.filter(savesShapesOnly));
    return Array.prototype.push.apply(tape, nodes);
  };
  return tape;
}
