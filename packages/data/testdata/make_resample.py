"""Writes resample.json: values of scikit-image's resize, and of nnU-Net's rule for labels on top of it.

numpy 2.4.6, scipy 1.17.1, scikit-image 0.26.0. Run: python make_resample.py
"""
import json
from pathlib import Path

import numpy as np
from skimage.transform import resize

SHAPES = [((5, 6, 7), (8, 4, 9)), ((3, 9, 4), (7, 5, 12)), ((1, 5, 6), (1, 10, 3)), ((1, 5, 6), (4, 5, 2))]


def values(shape, period):
    """A ramp folded by two coprime numbers: the same integers in any language."""
    n = int(np.prod(shape))
    return ((np.arange(n) * 7919 + 13) % period).reshape(shape)


def blocks(shape):
    """Coarse patches of sparse labels, -1 among them."""
    z, y, x = np.indices(shape)
    return np.array([0, 3, -1, 41, 100])[((z // 2) * 3 + (y // 2) * 7 + (x // 3) * 5 + x * y % 2) % 5]


def resize_labels(labels, shape):
    out = np.zeros(shape, dtype=labels.dtype)
    for label in np.unique(labels):
        share = resize((labels == label).astype(float), shape, 1, mode="edge", clip=True, anti_aliasing=False)
        out[share >= 0.5] = label
    return out


cases = []
for shape, new in SHAPES:
    image = values(shape, 101).astype(float)
    case = {"shape": shape, "newShape": new}
    for order in (1, 3):
        out = resize(image, new, order, mode="edge", clip=True, anti_aliasing=False, preserve_range=True)
        case[f"order{order}"] = [float(f"{v:.8g}") for v in out.ravel()]
    case["blocks"] = blocks(shape).ravel().tolist()
    case["labels"] = resize_labels(blocks(shape), new).ravel().tolist()
    cases.append(case)
# Halves and thirds make exact ties at one half.
for shape, new in [((4, 4, 4), (2, 2, 2)), ((4, 4, 6), (8, 8, 3)), ((6, 4, 4), (9, 6, 6))]:
    case = {"shape": shape, "newShape": new, "blocks": blocks(shape).ravel().tolist()}
    case["labels"] = resize_labels(blocks(shape), new).ravel().tolist()
    cases.append(case)
text = json.dumps(cases).replace('}, {', '},\n{')
Path(__file__).with_name("resample.json").write_text(text + "\n")
