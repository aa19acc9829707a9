/** The pipeline.yaml that `init --cross-validation` writes. */
export const crossValidationStarter = `pipeline: 1
name: cross_validation
seed: 12345

matrix:
  fold: [0, 1, 2, 3, 4]

sources:
  raw:
    path: data/Dataset001 # an nnU-Net v2 folder, or one with a Decathlon dataset.json

stages:
  preprocess:
    uses: preprocess
    in:
      dataset: sources.raw

  train:
    uses: train
    each: [fold]
    in:
      volumes: preprocess.volumes
      splits: preprocess.splits
    with: # sized for a CPU; without, the paper's: 32 channels, 128 x 128 x 128, 1000 epochs of 250 steps
      fold: \${matrix.fold}
      model: { size: S, baseChannels: 16 }
      patchSize: [48, 48, 48] # along z, y, x; multiples of 16
      epochs: 40
      stepsPerEpoch: 25

  infer: # every case by the model that has not seen it
    uses: infer
    each: [fold]
    in:
      volumes: preprocess.volumes
      splits: preprocess.splits
      model: train.model
    with:
      fold: \${matrix.fold}

  postprocess: # does it help to keep only the largest components?
    uses: postprocess
    in:
      dataset: sources.raw
      masks: { from: infer.masks, gather: [fold] }
      splits: preprocess.splits

  evaluate:
    uses: evaluate
    in:
      dataset: sources.raw
      masks: postprocess.masks
      splits: preprocess.splits
    publish:
      report: results/report

  infer_test: # the images without labels, by the average of the five models; leave it out if there are none
    uses: infer
    in:
      volumes: preprocess.volumes
      model: { from: train.model, gather: [fold] }
      postprocessing: postprocess.postprocessing
    with:
      subset: test
    publish:
      masks: results/masks_test
`;
