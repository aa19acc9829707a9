"""Writes preprocess.json: nnU-Net's crop, resampling and normalisation, step by step in numpy, scipy and scikit-image.

numpy 2.4.6, scipy 1.17.1, scikit-image 0.26.0. Run: python make_preprocess.py
"""
import json
from pathlib import Path

import numpy as np
from scipy.ndimage import binary_fill_holes
from skimage.transform import resize

SHAPE, SPACING, TARGET = (7, 9, 11), (2.0, 1.0, 0.7), (1.1, 1.0, 1.2)


def image():
    """Two channels of small integers in an off-centre ball; a hole; zeros outside."""
    z, y, x = np.indices(SHAPE)
    n = np.arange(np.prod(SHAPE)).reshape(SHAPE)
    inside = 4 * (z - 3) ** 2 + 2 * (y - 5) ** 2 + (x - 6) ** 2 <= 30
    first = np.where(inside, (n * 7919 + 13) % 101, 0.0)
    second = np.where(inside, (n * 104729 + 5) % 37 + 20, 0.0)
    for channel in (first, second):
        channel[3, 5, 6] = channel[3, 4, 6] = 0
    return np.stack([first, second])


def label():
    z, y, x = np.indices(SHAPE)
    return np.where((z >= 2) & (y >= 4) & (x >= 5) & (x < 8), 1 + (z > 3), 0)


def crop(data, seg):
    mask = binary_fill_holes((data != 0).any(axis=0))
    box = [(int(i.min()), int(i.max()) + 1) for i in np.nonzero(mask)]
    where = tuple(slice(*b) for b in box)
    seg = seg[where].copy()
    seg[(seg == 0) & ~mask[where]] = -1
    return data[(slice(None), *where)], seg, box


def resample_seg(seg, shape):
    out = np.zeros(shape, dtype=int)
    for value in np.unique(seg):
        share = resize((seg == value).astype(float), shape, 1, mode="edge", clip=True, anti_aliasing=False)
        out[share >= 0.5] = value
    return out


def resample(data, shape):
    kwargs = dict(mode="edge", anti_aliasing=False, clip=True, preserve_range=True)
    return np.stack([resize(c.astype(float), shape, 3, **kwargs) for c in data])


def zscore(data, seg, masked):
    out = []
    for c in data:
        if masked:
            inside = seg >= 0
            out.append(np.where(inside, (c - c[inside].mean()) / max(c[inside].std(), 1e-8), 0))
        else:
            out.append((c - c.mean()) / max(c.std(), 1e-8))
    return np.stack(out)


def rounded(a):
    return [float(f"{v:.7g}") for v in np.moveaxis(a, 0, -1).ravel()]


data, seg, box = crop(image(), label())
shape = [int(round(a / b * n)) for a, b, n in zip(SPACING, TARGET, seg.shape)]
new_seg = resample_seg(seg, shape)
holes = np.random.RandomState(3).rand(6, 7, 8) < 0.6
Path(__file__).with_name("preprocess.json").write_text(
    json.dumps(
        {
            "shape": SHAPE, "spacing": SPACING, "target": TARGET,
            "image": np.moveaxis(image(), 0, -1).ravel().astype(int).tolist(), "label": label().ravel().tolist(),
            "box": box, "newShape": shape, "newLabel": new_seg.ravel().tolist(),
            "resampleFirst": rounded(zscore(resample(data, shape), new_seg, False)),
            "normalizeFirst": rounded(resample(zscore(data, seg, False), shape)),
            "resampleFirstInsideMask": rounded(zscore(resample(data, shape), new_seg, True)),
            "holes": {
                "shape": holes.shape,
                "mask": holes.astype(int).ravel().tolist(),
                "filled": binary_fill_holes(holes).astype(int).ravel().tolist(),
            },
        }
    ).replace("], ", "],\n")
    + "\n"
)
print(box, shape, holes.sum(), binary_fill_holes(holes).sum(), np.unique(new_seg, return_counts=True))
