/** The pipeline.yaml that `init` writes. */
export const starter = `pipeline: 1
name: segmentation
seed: 12345

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
    in:
      volumes: preprocess.volumes
      splits: preprocess.splits
    with: # sized for a CPU; without, the paper's: 32 channels, 128 x 128 x 128, 1000 epochs of 250 steps
      model: { size: S, baseChannels: 16 }
      patchSize: [48, 48, 48] # along z, y, x; multiples of 16
      epochs: 40
      stepsPerEpoch: 25

  infer:
    uses: infer
    in:
      volumes: preprocess.volumes
      splits: preprocess.splits
      model: train.model

  evaluate:
    uses: evaluate
    in:
      dataset: sources.raw
      masks: infer.masks
      splits: preprocess.splits
    with:
      folds: [0] # every case that validates in it must have a mask
    publish:
      report: results
`;
