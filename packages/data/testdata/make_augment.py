"""Writes augment.json: what batchgeneratorsv2's transforms give with fixed parameters, and patch sizes of nnU-Net's.

batchgeneratorsv2 0.3.6, nnunetv2 2.8.1 (with batchgenerators 0.25.5), torch 2.13.0, numpy 2.4.6.
Run: python make_augment.py
"""
import json
from pathlib import Path

import numpy as np
import torch
from batchgeneratorsv2.transforms.intensity.brightness import MultiplicativeBrightnessTransform
from batchgeneratorsv2.transforms.intensity.contrast import ContrastTransform
from batchgeneratorsv2.transforms.intensity.gamma import GammaTransform
from batchgeneratorsv2.transforms.noise.gaussian_blur import GaussianBlurTransform, blur_dimension
from batchgeneratorsv2.transforms.spatial.low_resolution import SimulateLowResolutionTransform
from batchgeneratorsv2.transforms.spatial.spatial import SpatialTransform
from batchgeneratorsv2.transforms.utils.pseudo2d import Convert2DTo3DTransform, Convert3DTo2DTransform
from nnunetv2.training.data_augmentation.compute_initial_patch_size import get_patch_size

DEGREES = np.pi / 180


def values(shape):
    """A ramp folded by two coprime numbers, around 0: the same numbers in any language."""
    n = int(np.prod(shape))
    return ((np.arange(n) * 7919 + 13) % 101).reshape(shape) / 50 - 1


def blocks(shape):
    """Blocks of sparse labels, -1 among them."""
    z, y, x = np.indices(shape)
    return np.array([0, 3, -1, 2, 1])[((z // 3) * 3 + (y // 4) * 7 + (x // 3) * 5) % 5]


def rounded(array):
    return [float(f"{v:.7g}") for v in np.asarray(array, dtype=np.float64).ravel()]


def image(shape):
    return torch.from_numpy(values(shape)[None]).float()


spatial = []
for shape, new, angles, scale, flat in [
    ((7, 9, 8), (5, 6, 6), (0, 0, 0), 1.25, False),
    ((7, 9, 8), (5, 6, 6), (25, -10, 17), 1, False),
    ((6, 9, 8), (5, 8, 6), (-12, 30, -28), 1.4, False),
    ((6, 5, 7), (6, 5, 7), (90, 0, 0), 1, False),
    ((6, 5, 7), (5, 5, 7), (10, 20, 30), 0.7, False),
    ((3, 9, 8), (3, 7, 6), (130, 0, 0), 1.2, True),
]:
    turned = [a * DEGREES for a in angles]
    transform = SpatialTransform(
        new[1:] if flat else new, patch_center_dist_from_border=0, random_crop=False,
        p_rotation=1, rotation=lambda image, dim: turned[0 if flat else dim],
        p_scaling=1, scaling=scale, p_synchronize_scaling_across_axes=1,
        bg_style_seg_sampling=False, border_mode_seg="constant", padding_value_seg=-1)
    data = {"image": image(shape), "segmentation": torch.from_numpy(blocks(shape)[None].astype(np.int16))}
    if flat:
        data = Convert3DTo2DTransform()(**data)
    data = transform(**data)
    if flat:
        data = Convert2DTo3DTransform()(**data)
    spatial.append({
        "shape": shape, "newShape": new, "degrees": angles, "scale": scale, "dummy2d": flat,
        "image": rounded(data["image"]), "label": data["segmentation"].numpy().ravel().tolist(),
    })

blur = []
for shape, sigma in [((5, 6, 7), (0.5, 0.75, 1.0)), ((9, 4, 6), (0.93, 0.6, 0.51))]:
    result = image(shape)
    for axis in range(3):
        result = blur_dimension(result, sigma[axis], axis, force_use_fft=False)
    whole = GaussianBlurTransform(blur_sigma=lambda shape, dim: sigma[dim - 1], benchmark=False)(image=image(shape))
    assert torch.equal(whole["image"], result)
    blur.append({"shape": shape, "sigma": sigma, "image": rounded(result)})

low = []
for shape, scale in [((5, 6, 7), 0.5), ((9, 4, 10), 0.625), ((8, 11, 9), 0.75), ((4, 5, 6), 0.99)]:
    transform = SimulateLowResolutionTransform(scale, False, True, None)
    low.append({"shape": shape, "scale": [scale] * 3, "image": rounded(transform(image=image(shape))["image"])})
transform = SimulateLowResolutionTransform(0.6, False, True, (0,))
low.append({"shape": (5, 6, 7), "scale": [1, 0.6, 0.6], "image": rounded(transform(image=image((5, 6, 7)))["image"])})

SHAPE = (3, 5, 7)
intensity = {
    "shape": SHAPE,
    "brightness": {"factor": 0.8, "image": rounded(
        MultiplicativeBrightnessTransform(0.8, False)(image=image(SHAPE))["image"])},
    "contrast": [{"factor": f, "preserveRange": keep, "image": rounded(
        ContrastTransform(f, keep, False)(image=image(SHAPE))["image"])}
        for f in (0.8, 1.2) for keep in (True, False)],
    "gamma": [{"gamma": g, "invert": invert, "image": rounded(
        GammaTransform(g, int(invert), False, 1, 1)(image=image(SHAPE))["image"])}
        for g in (0.7, 1.5) for invert in (False, True)],
}

enlarged = []
for size in [(48, 64, 48), (128, 128, 128), (32, 32, 32), (64, 192, 160), (16, 64, 64), (16, 320, 256), (112, 80, 96)]:
    flat = max(size) / size[0] > 3
    angle = (180 if flat else 30) / 360 * 2 * np.pi
    result = get_patch_size(size, *[(-angle, angle)] * 3, (0.85, 1.25))
    if flat:
        result[0] = size[0]
    enlarged.append({"patchSize": size, "dummy2d": flat, "enlarged": result.tolist()})

out = {"spatial": spatial, "blur": blur, "lowResolution": low, "intensity": intensity, "enlarged": enlarged}
Path(__file__).with_name("augment.json").write_text(json.dumps(out))
