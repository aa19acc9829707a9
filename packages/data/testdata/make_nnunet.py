"""Writes nnunet.json: resampling with a separate axis, and whole cases with a transposition and the mask for
normalisation, by nnU-Net's own code in its versions 1 and 2.

nnunetv2 2.8.1, nnunet 1.7.1, batchgenerators 0.25.1 (0.25.5 resamples labels by another rule), numpy 2.4.6, scipy 1.17.1,
scikit-image 0.26.0. Run: python make_nnunet.py
"""
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from nnunet.preprocessing.preprocessing import GenericPreprocessor
from nnunetv2.preprocessing.cropping.cropping import crop_to_nonzero
from nnunetv2.preprocessing.preprocessors.default_preprocessor import DefaultPreprocessor
from nnunetv2.preprocessing.resampling.default_resampling import (
    compute_new_shape,
    determine_do_sep_z_and_axis,
    resample_data_or_seg_to_shape,
)


def values(shape, period):
    """A ramp folded by two coprime numbers: the same integers in any language."""
    n = int(np.prod(shape))
    return ((np.arange(n) * 7919 + 13) % period).reshape(shape)


def blocks(shape):
    """Coarse patches of sparse labels, -1 among them."""
    z, y, x = np.indices(shape)
    return np.array([0, 3, -1, 41, 100])[((z // 2) * 3 + (y // 2) * 7 + (x // 3) * 5 + x * y % 2) % 5]


def rounded(a):
    return [float(f"{v:.7g}") for v in np.asarray(a).ravel()]


def resampling(shape, old, new):
    new_shape = compute_new_shape(shape, old, new)
    _, axis = determine_do_sep_z_and_axis(None, old, new)
    run = lambda data, **how: resample_data_or_seg_to_shape(data[None], new_shape, old, new, force_separate_z=None, order_z=0, **how)[0]
    image = values(shape, 101).astype(np.float32)
    return {
        "shape": shape, "from": old, "to": new, "newShape": new_shape.tolist(), "axis": None if axis is None else int(axis),
        "order1": rounded(run(image, is_seg=False, order=1)),
        "order3": rounded(run(image, is_seg=False, order=3)),
        "labels": run(blocks(shape), is_seg=True, order=1).ravel().tolist(),
    }


RESAMPLINGS = [
    ((4, 6, 7), (5.0, 1.0, 1.0), (1.5, 0.8, 1.3)),
    ((6, 4, 5), (1.0, 4.0, 0.9), (1.2, 1.0, 1.0)),
    ((5, 6, 3), (0.8, 1.0, 17.0), (1.0, 0.9, 5.0)),
    ((8, 5, 4), (2.0, 1.0, 1.0), (6.0, 1.2, 0.7)),  # only the new spacing is anisotropic
    ((4, 5, 6), (5.0, 1.0, 1.0), (1.0, 1.0, 5.0)),  # both are, along different axes
    ((6, 4, 5), (0.24, 1.25, 1.25), (0.5, 1.0, 1.0)),  # two coarse axes: not separate
    ((4, 5, 6), (3.0, 1.0, 1.0), (1.5, 1.0, 1.0)),  # not more than three times: not separate
    ((4, 4, 4), (4.0, 1.0, 1.0), (8.0, 2.0, 2.0)),  # ties between two slices, and at one half
    ((1, 5, 6), (10.0, 1.0, 1.0), (2.0, 1.5, 1.0)),  # one slice
]


def case_arrays(shape):
    """Two channels of small integers in an off-centre ball; a hole; zeros outside. Labels 0 to 2."""
    z, y, x = np.indices(shape)
    n = np.arange(np.prod(shape)).reshape(shape)
    inside = 3 * (z - 3) ** 2 + 2 * (y - 4) ** 2 + (x - 5) ** 2 <= 24
    first = np.where(inside, (n * 7919 + 13) % 101, 0)
    second = np.where(inside, (n * 104729 + 5) % 37 + 20, 0)
    for channel in (first, second):
        channel[3, 4, 5] = channel[3, 3, 5] = 0
    label = np.where((z >= 2) & (y >= 3) & (x >= 4) & (x < 8), 1 + (z > 3), 0)
    return np.stack([first, second]).astype(np.float32), label[None]


def version_1(data, seg, spacing, target, transpose, masks):
    order = [0, *[i + 1 for i in transpose]]
    data, seg, _ = crop_to_nonzero(data.transpose(order), seg.transpose(order))
    run = GenericPreprocessor({0: "nonCT", 1: "nonCT"}, dict(enumerate(masks)), list(transpose))
    return run.resample_and_normalize(data.astype(np.float64), np.array(target), {"original_spacing": spacing}, seg.copy())[:2]


def version_2(data, seg, spacing, target, transpose, masks):
    to_shape = lambda is_seg, order: lambda d, n, a, b: resample_data_or_seg_to_shape(
        d, n, a, b, is_seg=is_seg, order=order, order_z=0, force_separate_z=None)
    plans = SimpleNamespace(
        transpose_forward=transpose, foreground_intensity_properties_per_channel={"0": {}, "1": {}},
        get_label_manager=lambda _: SimpleNamespace(has_regions=False, foreground_labels=[1, 2], has_ignore_label=False))
    configuration = SimpleNamespace(
        spacing=list(target), normalization_schemes=["ZScoreNormalization"] * 2, use_mask_for_norm=list(masks),
        resampling_fn_data=to_shape(False, 3), resampling_fn_seg=to_shape(True, 1))
    return DefaultPreprocessor(verbose=False).run_case_npy(data, seg, {"spacing": spacing}, plans, configuration, {})[:2]


CASES = [
    ((6, 8, 9), (5.0, 1.0, 1.1), (1.5, 1.0, 1.0), (0, 1, 2)),
    ((8, 9, 10), (1.0, 0.9, 4.0), (3.0, 1.0, 1.0), (2, 0, 1)),
    ((7, 8, 9), (2.0, 1.0, 0.7), (1.1, 1.0, 1.2), (1, 2, 0)),
]
cases = []
for shape, spacing, target, transpose in CASES:
    image, label = case_arrays(shape)
    masks = [True, False]
    one = {"shape": shape, "spacing": spacing, "target": target, "transpose": transpose, "insideMask": masks,
           "image": np.moveaxis(image, 0, -1).ravel().astype(int).tolist(), "label": label.ravel().tolist()}
    for order, run in (("resample-first", version_1), ("normalize-first", version_2)):
        data, seg = run(image.copy(), label.copy(), list(spacing), target, transpose, masks)
        one[order] = {"shape": data.shape[1:], "image": rounded(np.moveaxis(data, 0, -1)), "label": seg.astype(int).ravel().tolist()}
    cases.append(one)
    print(transpose, one["resample-first"]["shape"], np.unique(one["resample-first"]["label"], return_counts=True))

result = {"resamplings": [resampling(*r) for r in RESAMPLINGS], "cases": cases}
print([(r["axis"], r["newShape"]) for r in result["resamplings"]])
Path(__file__).with_name("nnunet.json").write_text(json.dumps(result).replace("}, {", "},\n{") + "\n")
