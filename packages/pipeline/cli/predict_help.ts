/** What `predict --help` prints. */
export const predictHelp = `Segments images with a trained model; no data set is needed.

  deno run -A jsr:@mednext/pipeline predict --model FOLDER --output FOLDER IMAGES

IMAGES are NIfTI files (.nii, .nii.gz, .hdr), Zarr folders or zip files, or folders of them. An image of
several channels is one file that holds all of them, or a file for each by the names ID_0000, ID_0001, …
The mask of ID is written as ID.nii.gz, in the image's own grid, orientation and spacing.

  --model FOLDER          a folder that train made, or a folder of such folders (folds); given again, too, the
                          predictions are averaged
  --output FOLDER         where the masks go; for one image also a name that ends in .nii.gz
  --channels FILE,FILE    one more image, by the files of its channels in the model's order; may be repeated

How to predict
  --step-size 0.5         distance of neighbouring patches as a fraction of the patch
  --patch-size D,H,W      voxels of the patch; that of the training if left out
  --mirror-axes 0,1,2     axes along which mirrored predictions are averaged, 0 is D (z), 1 is H, 2 is W;
                          those of the training if left out
  --no-mirroring          none: up to eight times as fast, a little less accurate
  --aggregate logits      what is averaged: logits (nnU-Net v2) or softmax (nnU-Net v1, the paper)
  --postprocessing FILE   a postprocessing.json; the one in the model's folder if left out
  --no-postprocessing     none, not the model's either
  --probabilities         write the class probabilities, too: ID.zarr

Masks that are there already
  --continue              keep them and go on with the other images
  --overwrite             replace them

Where to compute
  --backend auto          auto, tensorflow, webgpu, wasm or cpu
  --threads 0             0: all cores
  --precision float32     or mixed: products in half precision, on GPUs

Exit codes: 0 done, 1 some image has no mask, 2 the command line makes no sense, 130 stopped`;
