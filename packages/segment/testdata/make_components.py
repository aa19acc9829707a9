"""Connected components of random masks by SciPy and scikit-image, and nnU-Net's rule on label maps.

    python make_components.py > components.json

Pinned: Python 3.11.7, numpy 2.4.6, scipy 1.17.1, scikit-image 0.26.0, nnunetv2 2.8.1 (its function
`remove_all_but_largest_component_from_segmentation` and acvl_utils 0.2.6's
`remove_all_but_largest_component` are copied below, word for word but for the imports).

Masks are bytes of a linear congruential generator below a threshold (the test makes the same ones), so
that only sizes and a checksum of the numbered voxels are stored: sum of (index + 1) * label mod 2**31 - 1.
"""

import json

import numpy as np
from scipy import ndimage
from skimage.measure import label

CASES = [  # shape, seed, threshold of 256
    ((1, 1, 1), 1, 256),
    ((1, 7, 9), 2, 110),
    ((9, 1, 8), 3, 128),
    ((8, 9, 1), 4, 128),
    ((6, 7, 8), 5, 0),
    ((6, 7, 8), 6, 60),
    ((12, 11, 13), 7, 40),
    ((12, 11, 13), 8, 80),
    ((12, 11, 13), 9, 128),
    ((5, 4, 6), 10, 256),
]


def noise(shape, seed):
    state, values = seed, []
    for _ in range(int(np.prod(shape))):
        state = (state * 1664525 + 1013904223) % 2**32
        values.append(state >> 24)
    return np.array(values).reshape(shape)


def checksum(labels):
    flat = labels.ravel().astype(np.int64)
    return int(np.sum((np.arange(flat.size) + 1) * flat) % (2**31 - 1))


def components(mask, rank):
    labels, _ = ndimage.label(mask, ndimage.generate_binary_structure(3, rank))
    assert np.array_equal(labels, label(mask, connectivity=rank))  # SciPy and scikit-image agree
    return {"sizes": np.bincount(labels.ravel())[1:].tolist(), "checksum": checksum(labels)}


# ---- acvl_utils and nnU-Net

def label_with_component_sizes(binary_image, connectivity=None):
    labeled_image, num_components = label(binary_image, return_num=True, connectivity=connectivity)
    component_sizes = {i + 1: j for i, j in enumerate(np.bincount(labeled_image.ravel())[1:])}
    return labeled_image, component_sizes


def generic_filter_components(binary_image, filter_fn, connectivity=None):
    labeled_image, component_sizes = label_with_component_sizes(binary_image, connectivity)
    component_ids = list(component_sizes.keys())
    component_sizes = list(component_sizes.values())
    keep = filter_fn(component_ids, component_sizes)
    return np.isin(labeled_image.ravel(), keep).reshape(labeled_image.shape)


def remove_all_but_largest_component(binary_image, connectivity=None):
    filter_fn = lambda x, y: [i for i, j in zip(x, y) if j == max(y)]
    return generic_filter_components(binary_image, filter_fn, connectivity)


def region_or_label_to_mask(segmentation, region_or_label):
    if np.isscalar(region_or_label):
        return segmentation == region_or_label
    mask = np.zeros_like(segmentation, dtype=bool)
    for r in region_or_label:
        mask[segmentation == r] = True
    return mask


def remove_all_but_largest_component_from_segmentation(segmentation, labels_or_regions, background_label=0):
    mask = np.zeros_like(segmentation, dtype=bool)
    if not isinstance(labels_or_regions, list):
        labels_or_regions = [labels_or_regions]
    for l_or_r in labels_or_regions:
        mask |= region_or_label_to_mask(segmentation, l_or_r)
    mask_keep = remove_all_but_largest_component(mask)
    ret = np.copy(segmentation)
    ret[mask & ~mask_keep] = background_label
    return ret


def largest(shape, seed):
    """A label map of 0 to 3: 3 in 1 of 16 voxels, 2 in 1 of 16, 1 in 2 of 16."""
    field = noise(shape, seed) // 16
    labels = np.select([field == 0, field == 1, field <= 3], [3, 2, 1], 0)
    wanted = {"1": 1, "2": 2, "3": 3, "1,2,3": [1, 2, 3], "2,3": (2, 3)}
    keep = remove_all_but_largest_component_from_segmentation
    return {
        "counts": np.bincount(labels.ravel(), minlength=4).tolist(),
        "checksums": {name: checksum(keep(labels, values)) for name, values in wanted.items()},
    }


json.dump(
    {
        "components": [
            {
                "shape": shape,
                "seed": seed,
                "threshold": threshold,
                **{
                    str(n): components(noise(shape, seed) < threshold, rank)
                    for rank, n in [(1, 6), (2, 18), (3, 26)]
                },
            }
            for shape, seed, threshold in CASES
        ],
        "largest": [
            {"shape": shape, "seed": seed, **largest(shape, seed)}
            for shape, seed in [((12, 11, 13), 21), ((3, 20, 20), 22), ((9, 1, 14), 23)]
        ],
    },
    open(1, "w"),
    separators=(",", ":"),
)
