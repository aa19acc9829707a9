"""Makes sliding_window.json: logits of whole volumes by nnU-Net's own predictor.

    python testdata/make_sliding_window.py

Made with Python 3.11, nnunetv2 2.8.1, torch 2.13.0 (CPU), scipy 1.17.1, numpy 2.4.6. nnU-Net sums in float16; here it is
made to sum in float32, which changes nothing but the rounding. The network is one convolution, whose weights and whose
input follow the formulas below; `sliding_window_test.ts` has the same.
"""
import functools
import json
from pathlib import Path
from types import SimpleNamespace

import torch

torch.half = torch.float32
from nnunetv2.inference import predict_from_raw_data as nnunet  # noqa: E402

nnunet.compute_gaussian = functools.partial(nnunet.compute_gaussian, dtype=torch.float32)
torch.set_num_threads(1)

CHANNELS, CLASSES = 2, 3


def waves(count, speed):
    """The same in float32 wherever it is computed: the sine in float64, rounded once."""
    return torch.sin(torch.arange(count, dtype=torch.float64) * speed + 1).float()


def network(seed):
    """Weights [out, in, D, H, W]; something that is not symmetric, so that mirroring shows."""
    convolution = torch.nn.Conv3d(CHANNELS, CLASSES, 3, padding=1, bias=False)
    weights = waves(CLASSES * CHANNELS * 27, 0.37 + seed).reshape(convolution.weight.shape)
    convolution.weight.data = weights
    return convolution


def predict(shape, patch, step=0.5, axes=(), gaussian=True):
    predictor = nnunet.nnUNetPredictor(
        tile_step_size=step, use_gaussian=gaussian, use_mirroring=len(axes) > 0, perform_everything_on_device=False,
        device=torch.device("cpu"), allow_tqdm=False)
    predictor.network = network(0)
    predictor.configuration_manager = SimpleNamespace(patch_size=patch)
    predictor.label_manager = SimpleNamespace(num_segmentation_heads=CLASSES)
    predictor.allowed_mirroring_axes = list(axes)
    image = waves(CHANNELS * shape[0] * shape[1] * shape[2], 0.7).reshape(*shape, CHANNELS)
    logits = predictor.predict_sliding_window_return_logits(image.permute(3, 0, 1, 2))
    assert logits.dtype == torch.float32
    return {"shape": shape, "patchSize": patch, "stepSize": step, "mirrorAxes": list(axes), "gaussian": gaussian,
            "logits": [float(f"{v:.7g}") for v in logits.permute(1, 2, 3, 0).flatten().tolist()]}


cases = [
    predict([9, 7, 10], [4, 6, 8]),
    predict([9, 5, 7], [4, 4, 6], axes=(0, 1, 2)),
    predict([9, 5, 7], [4, 4, 6], step=0.3, axes=(1,)),
    predict([9, 5, 7], [4, 4, 6], step=1, gaussian=False),
    predict([3, 9, 5], [8, 4, 8], axes=(0, 2)),
    predict([4, 4, 5], [4, 4, 5]),
]
path = Path(__file__).parent / "sliding_window.json"
path.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
