"""What nnU-Net's determine_postprocessing decides on small masks.

    python make_postprocessing.py > postprocessing.json

Pinned: Python 3.11.7, numpy 2.4.6, scikit-image 0.26.0, nnunetv2 2.8.1, acvl_utils 0.2.6.
`determine_postprocessing` is nnU-Net's (postprocessing/remove_connected_components.py) with dictionaries of
arrays where it has folders of files; the functions below it are word for word.

Label maps [4, 6, 7] are written as text, one digit for each voxel.
"""

import json
import warnings

import numpy as np
from skimage.measure import label as label_image

SHAPE = (4, 6, 7)
random = np.random.default_rng(4)


# ---------------------------------------------------------------- acvl_utils and nnU-Net


def remove_all_but_largest_component(binary_image):
    labeled_image = label_image(binary_image, connectivity=None)
    sizes = {i + 1: j for i, j in enumerate(np.bincount(labeled_image.ravel())[1:])}
    keep = [i for i, j in sizes.items() if j == max(sizes.values())]
    return np.isin(labeled_image.ravel(), keep).reshape(labeled_image.shape)


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


def compute_metrics_on_folder(refs, preds, regions_or_labels, ignore_label):
    results = []
    for ref, pred in zip(refs, preds):
        use = np.ones_like(ref, dtype=bool) if ignore_label is None else ref != ignore_label
        metrics = {}
        for r in regions_or_labels:
            a, b = region_or_label_to_mask(ref, r), region_or_label_to_mask(pred, r)
            tp, fp, fn = (np.sum(x & use) for x in (a & b, ~a & b, a & ~b))
            metrics[r] = np.nan if tp + fp + fn == 0 else 2 * tp / (2 * tp + fp + fn)
        results.append(metrics)
    mean = {r: np.nanmean([i[r] for i in results]) for r in regions_or_labels}
    return {"mean": mean, "foreground_mean": np.mean(list(mean.values()))}


def determine_postprocessing(refs, preds, labels_or_regions, foreground_labels, ignore_label):
    source, pp_fn_kwargs = preds, []
    baseline = compute_metrics_on_folder(refs, source, labels_or_regions, ignore_label)
    first = baseline

    keep = remove_all_but_largest_component_from_segmentation
    here = [keep(i, foreground_labels) for i in source]
    pp_results = compute_metrics_on_folder(refs, here, labels_or_regions, ignore_label)
    do_this = pp_results["foreground_mean"] > baseline["foreground_mean"]
    if do_this:
        for class_id in pp_results["mean"].keys():
            if pp_results["mean"][class_id] < baseline["mean"][class_id]:
                do_this = False
                break
    if do_this:
        source = here
        pp_fn_kwargs.append(foreground_labels)

    if len(labels_or_regions) > 1:
        for label_or_region in labels_or_regions:
            here = [keep(i, label_or_region) for i in source]
            pp_results = compute_metrics_on_folder(refs, here, labels_or_regions, ignore_label)
            baseline = compute_metrics_on_folder(refs, source, labels_or_regions, ignore_label)
            do_this = pp_results["mean"][label_or_region] > baseline["mean"][label_or_region]
            if do_this:
                source = here
                pp_fn_kwargs.append(label_or_region)
    final = compute_metrics_on_folder(refs, source, labels_or_regions, ignore_label)
    return first, final, pp_fn_kwargs, source


# ---------------------------------------------------------------- masks


def text(volume):
    return "".join(str(v) for v in volume.ravel())


def reference(ignored, apart):
    """Label 1 and 2 side by side, 3 in some cases, a corner that nobody annotated, a lone voxel of label 2."""
    volume = np.zeros(SHAPE, int)
    volume[1:3, 1:4, 1:4] = 1
    volume[1:3, 1:4, 4:6] = 2
    if random.random() < 0.6:
        volume[1:3, 4, 2:5] = 3
    if ignored:
        volume[0, :2, :] = 4
    if apart:
        volume[3, 5, 6] = 2
    return volume


def prediction(truth, specks, flips):
    """The reference with specks of a label far away, and voxels of it with another label or none."""
    volume = np.where(truth == 4, 0, truth)
    for value, count in specks.items():
        for _ in range(count):
            volume[random.integers(0, 4), 5, random.integers(0, 7)] = value
    for value, count in flips.items():
        places = np.argwhere(volume > 0)
        for place in places[random.choice(len(places), count, replace=False)]:
            volume[tuple(place)] = value
    return volume


SCENARIOS = [  # name, labels or regions, ignored, specks, flips
    ("specks of every label", [1, 2, 3], False, {1: 2, 2: 1}, {}),
    ("one label only", [1], False, {1: 2}, {0: 2}),
    ("islands of one label in another", [1, 2, 3], False, {}, {2: 3, 1: 2}),
    ("specks and islands", [1, 2], True, {2: 2}, {2: 2, 0: 3}),
    ("a label in two parts", [1, 2, 3], False, {3: 3}, {3: 6, 0: 4}),
    ("regions", [(1, 2, 3), (2, 3), 3], True, {1: 1, 3: 2}, {3: 4, 0: 3}),
    ("nothing to remove", [1, 2], False, {}, {}),
    ("helps all but one", [1, 2], False, {1: 6}, {}),
]


def scenario(name, labels, ignored, specks, flips):
    refs = [reference(ignored, name == "helps all but one") for _ in range(4)]
    preds = [prediction(r, specks, flips) for r in refs]
    if labels == [1]:
        refs, preds = ([np.where(m == 1, 1, 0) for m in masks] for masks in (refs, preds))
    foreground = [1] if labels == [1] else [1, 2] if labels == [1, 2] else [1, 2, 3]
    if labels == [1, 2]:
        refs, preds = ([np.where(m == 3, 0, m) for m in masks] for masks in (refs, preds))
    ignore = 4 if ignored else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        first, final, steps, source = determine_postprocessing(refs, preds, labels, foreground, ignore)
    plain = lambda means: {
        "foreground": float(means["foreground_mean"]), "labels": [float(v) for v in means["mean"].values()],
    }
    return {
        "name": name, "labels": [[v] if np.isscalar(v) else v for v in labels], "ignore": ignore,
        "foreground": foreground, "steps": [[v] if np.isscalar(v) else list(v) for v in steps],
        "before": plain(first), "after": plain(final),
        "cases": [[text(m) for m in trio] for trio in zip(refs, preds, source)],
    }


json.dump([scenario(*s) for s in SCENARIOS], open(1, "w"), indent=2)
