import { tf, valueAndGradients } from "@mednext/kernels";
import type { MedNeXt } from "@mednext/mednext";
import { deepSupervisionLoss } from "@mednext/segment";

/** How many logits are compared. */
const SAMPLES = 16;

/** One pass; gives what it computed and how to know it by a few numbers. */
export type Pass = () => { results: tf.Tensor[]; digest: () => number[] };

function samples(logits: tf.Tensor): number[] {
  const values = logits.dataSync();
  return Array.from(
    { length: SAMPLES },
    (_, i) => values[Math.floor((i + 0.5) * values.length / SAMPLES)],
  );
}

/** A forward pass for inference. */
export function forward(model: MedNeXt, image: tf.Tensor5D): Pass {
  return () => {
    const logits = model.predict(image, { batchSize: 1 }) as tf.Tensor;
    return { results: [logits], digest: () => samples(logits) };
  };
}

/** A training step without the optimiser: the loss and the gradients of all parameters. */
export function trainingStep(model: MedNeXt, image: tf.Tensor5D, labels: tf.Tensor4D): Pass {
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const loss = () =>
    deepSupervisionLoss(model.apply(image, { training: true }) as tf.Tensor5D[], labels);
  return () => {
    const { value, gradients } = valueAndGradients(loss, variables);
    const given = gradients.filter((gradient) => gradient !== undefined);
    const norm = () =>
      Math.sqrt(given.reduce((sum, each) => sum + tf.sum(tf.square(each)).dataSync()[0], 0));
    return { results: [value, ...given], digest: () => [value.dataSync()[0], norm()] };
  };
}
