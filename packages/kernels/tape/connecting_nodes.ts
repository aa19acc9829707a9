import type { tf } from "../tf.ts";
import { inputsOf, type TapeNode } from "./tape_node.ts";

/**
 * The nodes of a tape that lie on a way from some tensors to another, in the order of the tape, each with the
 * names of its inputs that do. The rest needs no gradients: labels, statistics, what was frozen.
 */
export function connectingNodes(
  tape: readonly TapeNode[],
  { from, to }: { from: tf.Tensor; to: readonly tf.Tensor[] },
): Map<TapeNode, Set<string>> {
  const dependent = new Set(to.map(({ id }) => id));
  const depending = new Map<TapeNode, Set<string>>();
  for (const node of tape) {
    const names = inputsOf(node).filter(([, { id }]) => dependent.has(id)).map(([name]) => name);
    if (names.length === 0) continue;
    depending.set(node, new Set(names));
    for (const { id } of node.outputs) dependent.add(id);
  }
  const needed = new Set([from.id]);
  const reached = new Set<TapeNode>();
  for (const node of tape.toReversed()) {
    if (!node.outputs.some(({ id }) => needed.has(id))) continue;
    reached.add(node);
    for (const [, { id }] of inputsOf(node)) needed.add(id);
  }
  return new Map([...depending].filter(([node]) => reached.has(node)));
}
